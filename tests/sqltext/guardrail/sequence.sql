-- expect: sequence
SELECT bill_seq.NEXTVAL FROM dual
