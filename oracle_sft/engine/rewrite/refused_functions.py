"""Oracle's functions that the engine refuses on purpose, each with its reason.

Every name of `ORACLE_FUNCTIONS` is either served or stands here: a test holds the two lists together.
The reason is part of what the user reads.
"""

_REASONS: dict[str, str] = {
    "XML is not kept by the embedded engine": """
        APPENDCHILDXML EXISTSNODE EXTRACTVALUE SYS_DBURIGEN SYS_XMLAGG SYS_XMLGEN XMLAGG XMLCAST XMLCDATA
        XMLCOLATTVAL XMLCOMMENT XMLCONCAT XMLDIFF XMLELEMENT XMLEXISTS XMLFOREST XMLISVALID XMLPARSE
        XMLPATCH XMLPI XMLQUERY XMLROOT XMLSEQUENCE XMLSERIALIZE XMLTABLE XMLTRANSFORM XMLTYPE DEPTH PATH
        """,
    "it wants a mining model": """
        CLUSTER_DETAILS CLUSTER_DISTANCE CLUSTER_ID CLUSTER_PROBABILITY CLUSTER_SET FEATURE_COMPARE
        FEATURE_DETAILS FEATURE_ID FEATURE_SET FEATURE_VALUE ORA_DM_PARTITION_NAME PREDICTION
        PREDICTION_BOUNDS PREDICTION_COST PREDICTION_DETAILS PREDICTION_PROBABILITY PREDICTION_SET
        """,
    "vectors are not kept by the embedded engine": """
        FROM_VECTOR INNER_PRODUCT L1_DISTANCE L2_DISTANCE TO_VECTOR VECTOR VECTOR_CHUNKS VECTOR_DISTANCE
        VECTOR_EMBEDDING VECTOR_NORM
        """,
    "object types and collections are not kept by the embedded engine": """
        CARDINALITY COLLECT CUBE_TABLE DEREF MAKE_REF POWERMULTISET POWERMULTISET_BY_CARDINALITY REF
        REFTOHEX SET SYS_TYPEID TREAT VALUE
        """,
    "it has a meaning in MODEL only": "CV ITERATION_NUMBER PRESENTNNV PRESENTV PREVIOUS",
    "it has a meaning in PL/SQL or DDL only": """
        NLS_CHARSET_DECL_LEN ORA_DST_AFFECTED ORA_DST_CONVERT ORA_DST_ERROR DATAOBJ_TO_MAT_PARTITION
        DATAOBJ_TO_PARTITION DOMAIN_CHECK DOMAIN_DISPLAY DOMAIN_NAME DOMAIN_ORDER
        """,
    "its answer depends on the session or the server": """
        CON_DBID_TO_ID CON_GUID_TO_ID CON_NAME_TO_ID CON_UID_TO_ID ORA_INVOKING_USER ORA_INVOKING_USERID
        SYS_CONTEXT UID USER USERENV SYS_OP_ZONE_ID
        """,
    "it gives another value each time": "SYS_GUID",
    "rows have no address or change number here": """
        CHARTOROWID ROWIDTOCHAR ROWIDTONCHAR SCN_TO_TIMESTAMP TIMESTAMP_TO_SCN
        """,
    "its algorithm is not published": """
        CHECKSUM ORA_HASH PHONIC_ENCODE FUZZY_MATCH APPROX_COUNT_DISTINCT_AGG
        APPROX_COUNT_DISTINCT_DETAIL APPROX_PERCENTILE_AGG APPROX_PERCENTILE_DETAIL
        TO_APPROX_COUNT_DISTINCT TO_APPROX_PERCENTILE
        """,
    "its answer is an approximation that Oracle alone gives": """
        APPROX_COUNT APPROX_COUNT_DISTINCT APPROX_MEDIAN APPROX_PERCENTILE APPROX_RANK APPROX_SUM
        """,
    "it gives a locator of a file or a large object": """
        BFILENAME EMPTY_BLOB EMPTY_CLOB TO_BLOB TO_LOB
        """,
    "it converts between character sets": """
        COMPOSE CONVERT DECOMPOSE NLS_CHARSET_ID NLS_CHARSET_NAME TO_MULTI_BYTE TO_SINGLE_BYTE
        """,
    "collations other than BINARY are not known here": "COLLATION NLS_COLLATION_ID NLS_COLLATION_NAME",
    "a test of hypotheses has no counterpart here": """
        CORR_K CORR_S STATS_BINOMIAL_TEST STATS_CROSSTAB STATS_F_TEST STATS_KS_TEST STATS_MW_TEST
        STATS_ONE_WAY_ANOVA STATS_T_TEST_INDEP STATS_T_TEST_INDEPU STATS_T_TEST_ONE STATS_T_TEST_PAIRED
        STATS_WSR_TEST
        """,
    "bitmaps of distinct values are not kept by the embedded engine": """
        BITMAP_BIT_POSITION BITMAP_BUCKET_NUMBER BITMAP_CONSTRUCT_AGG BITMAP_COUNT BITMAP_OR_AGG
        """,
    "it came with a later version, and is rare": """
        BIT_AND_AGG BIT_OR_AGG BIT_XOR_AGG BOOLEAN_AND_AGG BOOLEAN_OR_AGG KURTOSIS_POP KURTOSIS_SAMP
        ROUND_TIES_TO_EVEN SKEWNESS_POP SKEWNESS_SAMP TIME_BUCKET TO_BOOLEAN TO_UTC_TIMESTAMP_TZ
        """,
    "it compares, changes or describes JSON documents": """
        JSON JSON_DATAGUIDE JSON_EQUAL JSON_ID JSON_MERGEPATCH JSON_SCALAR JSON_SERIALIZE
        JSON_TEXTCONTAINS JSON_TRANSFORM JSON_TYPE
        """,
    "it counts UTF-16 or UCS-4 units": "INSTR2 INSTRC LENGTH2 LENGTHC SUBSTR2 SUBSTRC",
}

REFUSED_FUNCTIONS: dict[str, str] = {
    name: reason for reason, names in _REASONS.items() for name in names.split()
}
"""Name -> why it is refused."""
