"""What sqlglot can put into a tree and the engine does not read, each with its reason.

The rewriter refuses every node that it has no handler for, so that nothing here is needed to stay
safe. The list is what somebody has looked at: a test walks sqlglot's node classes and fails for one
that is neither read nor listed, as a new version of sqlglot may bring.
"""

_REASONS: dict[str, str] = {
    "a class that other nodes derive from": """
        AggFunc Condition Connector DDL DML Expression Func JSONPathPart Predicate Property Refresh
        Selectable SubqueryPredicate TimeUnit UDTF Unary ColumnConstraintKind
        """,
    "a part of a query that is read through its owner": """
        Apply Connect DataType DataTypeParam Having Limit LimitOptions Offset Pivot Pseudocolumn
        RecursiveWithSearch UnpivotColumns WindowSpec With
        """,
    "a statement that is no query": """
        Alter AlterSession Analyze Attach Block Cache CaseStatement Command Comment Commit
        ConditionalInsert Copy Create Declare Delete Describe Detach Drop Execute ExecuteSql Export ForIn
        Get Grant IfBlock Insert Install Iterate Kill Leave LoadData LockingStatement LoopBlock Merge
        MultitableInserts Pragma Put RepeatBlock Return Revoke Rollback Semicolon Set Show StoredProcedure
        Summarize Transaction TruncateTable Uncache Undrop Update Use WhileBlock
        """,
    "a part of a statement that is no query": """
        AddPartition AlterColumn AlterDistStyle AlterIndex AlterModifySqlSecurity AlterRename AlterSet
        AlterSortKey AnalyzeColumns AnalyzeDelete AnalyzeHistogram AnalyzeListChainedRows AnalyzeSample
        AnalyzeStatistics AnalyzeValidate AnalyzeWith AtIndex AttachOption CharacterSet Check Clone
        ColumnDef ColumnPosition Constraint CopyParameter Credentials DeclareItem Directory DirectoryStage
        DropPartition DropPrimaryKey EndStatement ForClause ForeignKey FunctionSpecification
        GrantPrincipal GrantPrivilege Heredoc Index IndexConstraintOption IndexParameters
        InputOutputFormat ListStage MacroOverload MacroOverloads MergeTreeTTL MergeTreeTTLAction
        ModifyColumn ObjectIdentifier OnCluster OnConflict Opclass Partition PartitionBoundSpec
        PartitionByExcluding PartitionByRangePropertyDynamic PartitionByTruncate PartitionId PartitionList
        PartitionRange PartitionedByBucket PrimaryKey Reference RenameColumn RenameIndex ReplaceColumns
        ReplacePartition Returning RollupIndex Schema SetItem SwapTable Tag Tags TriggerEvent
        TriggerExecute TriggerProperties TriggerReferencing UserDefinedFunction UsingData When Whens
        WithProcedureOptions AddConstraint ColumnConstraint SequenceProperties Properties SerdeProperties
        """,
    "a constraint of a column in DDL": """
        AssumeColumnConstraint AutoIncrementColumnConstraint BinaryColumnConstraint
        CaseSpecificColumnConstraint CharacterSetColumnConstraint CheckColumnConstraint
        ClusteredColumnConstraint CollateColumnConstraint CommentColumnConstraint
        CompressColumnConstraint ComputedColumnConstraint DateFormatColumnConstraint
        DefaultColumnConstraint EncodeColumnConstraint EphemeralColumnConstraint ExcludeColumnConstraint
        GeneratedAsIdentityColumnConstraint GeneratedAsRowColumnConstraint InOutColumnConstraint
        IndexColumnConstraint InlineLengthColumnConstraint InvisibleColumnConstraint
        MaskingPolicyColumnConstraint NonClusteredColumnConstraint NotForReplicationColumnConstraint
        NotNullColumnConstraint OnUpdateColumnConstraint PathColumnConstraint
        PeriodForSystemTimeConstraint PrimaryKeyColumnConstraint ProjectionPolicyColumnConstraint
        TitleColumnConstraint UniqueColumnConstraint UppercaseColumnConstraint WatermarkColumnConstraint
        ZeroFillColumnConstraint
        """,
    "a property of a table or view in DDL": """
        AggregateKeyProperty AlgorithmProperty AllowedValuesProperty ApiProperty ApplicationProperty
        AutoIncrementProperty AutoRefreshProperty BackupProperty BlockCompressionProperty BuildProperty
        CalledOnNullInputProperty CatalogProperty CharacterSetProperty ChecksumProperty ClusterProperty
        ClusteredByProperty CollateProperty ComputeProperty CopyGrantsProperty CopyTagsProperty
        CredentialsProperty DataBlocksizeProperty DataDeletionProperty DatabaseProperty DefinerProperty
        DictProperty DictSubProperty DistKeyProperty DistStyleProperty DistributedByProperty
        DuplicateKeyProperty DynamicProperty EmptyProperty EncodeProperty EngineProperty
        EnviromentProperty ExecuteAsProperty ExternalProperty FallbackProperty FileFormatProperty
        ForceProperty FreespaceProperty GlobalProperty HandlerProperty HeapProperty HybridProperty
        IcebergProperty IgnoreGrantsProperty IncludeProperty InheritsProperty InputModelProperty
        InteractiveProperty IsolatedLoadingProperty JournalProperty LanguageProperty LikeProperty
        LocationProperty LockProperty LockingProperty LogProperty MaskingProperty MaterializedProperty
        MergeBlockRatioProperty ModuleProperty NetworkProperty NoPrimaryIndexProperty OnCommitProperty
        OnProperty OptionsProperty OutputModelProperty ParameterStyleProperty PartitionByListProperty
        PartitionByRangeProperty PartitionedByProperty PartitionedOfProperty PhysicalProperty
        RefreshTriggerProperty RemoteWithConnectionModelProperty ReturnsProperty RollupProperty
        RowAccessProperty RowFormatDelimitedProperty RowFormatProperty RowFormatSerdeProperty
        SampleProperty SchemaCommentProperty SecureProperty SecurityIntegrationProperty SetConfigProperty
        SetProperty SettingsProperty SharingProperty SortKeyProperty SqlReadWriteProperty
        SqlSecurityProperty StabilityProperty StorageHandlerProperty StorageProperty
        StreamingTableProperty StrictProperty TableSpaceProperty TemporaryProperty ToTableProperty
        TransformModelProperty TransientProperty UniqueKeyProperty UnloggedProperty UsingProperty
        UsingTemplateProperty UuidProperty ViewAttributeProperty VirtualProperty VolatileProperty
        WithDataProperty WithJournalTableProperty WithSchemaBindingProperty
        WithSystemVersioningProperty
        """,
    "grammar of another dialect": """
        Adjacent Aliases BitString BitwiseLeftShift BitwiseRightShift Bracket ByteString
        Changes Chr Cluster ColumnPrefix Comprehension ConnectTo Date DerivedTable DictRange Disconnect
        Distance DistanceNd Distribute ExplodeOuter ExtendsLeft ExtendsRight Filter Final FormatPhrase
        FromTimeZone Glob HavingMax HexString IndexTableHint IntDiv Introducer JSONExtractQuote
        JSONPath JSONPathFilter JSONPathKey JSONPathRecursive JSONPathRoot JSONPathScript
        JSONPathSelector JSONPathSlice JSONPathSubscript JSONPathUnion JSONPathWildcard JoinHint Lambda
        ModelAttribute Nearest NestedJSONSelect OpenJSONColumnDef Operator Overlaps Parameter Per
        PositionalColumn PreWhere ProjectionDef PropertyEQ PseudoType Qualify QueryBand QueryOption
        QueryTransform ScopeResolution SemanticView SessionParameter SkipJSONColumn Slice Sort Stream
        TableColumn TableFromRows TimeseriesKey Timestamp ToBoolean UnicodeString Values Variadic
        WithFill WithOperator WithTableHint
        """,
    "Oracle's, and not served": """
        HistoricalData Hint Into IntervalOp Kwarg Lock Match MatchRecognize MatchRecognizeMeasure
        OverflowTruncateBehavior PivotAny TableSample TranslateCharacters Unnest Version
        XMLKeyValueOption XMLNamespace
        """,
    "Oracle's, and read from its tokens instead": """
        FormatJson JSONColumnDef JSONKeyValue JSONSchema JSONValue OnCondition
        """,
}

REFUSED_NODES: dict[str, str] = {
    name: reason for reason, names in _REASONS.items() for name in names.split()
}
"""Name of sqlglot's class -> why the engine does not read it."""
