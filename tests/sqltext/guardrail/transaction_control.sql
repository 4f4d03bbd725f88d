-- expect: transaction_control
COMMIT
