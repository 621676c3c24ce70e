package sheet

// Catalogue is a list of parts and devices (配件目录).
var Catalogue = Layout{
	Name: "catalogue of parts",
	Columns: []Column{
		{Field: "part", Required: true, Names: []string{"配件编号", "配件编码", "物料编码", "物资编码", "编码", "编号", "代码", "part", "code"}},
		{Field: "name", Required: true, Names: []string{"配件名称", "物料名称", "物资名称", "名称", "品名", "name"}},
		{Field: "model", Names: []string{"型号", "规格型号", "型号规格", "规格", "model"}},
		{Field: "maker", Names: []string{"厂家", "生产厂家", "厂商", "品牌", "maker", "brand"}},
		{Field: "unit", Required: true, Names: []string{"单位", "计量单位", "unit"}},
		{Field: "serialised", Kind: YesNo, Names: []string{"序列号管理", "是否序列号管理", "是否有序列号", "有序列号", "带序列号", "serialised", "serialized"}},
		{Field: "warrantyCost", Kind: Number, Names: []string{"质保成本", "保内成本", "成本单价", "成本价", "单位成本", "成本", "单价", "warrantycost", "cost"}},
		{Field: "from", Kind: Date, Names: []string{"生效日期", "启用日期", "起始日期", "from", "effectivefrom"}},
	},
	Aside: []string{"序号", "备注", "remark"},
}

// Counts is the count sheet (盘点表).
var Counts = Layout{
	Name: "count sheet",
	Columns: []Column{
		{Field: "part", Required: true, Names: []string{"配件编号", "配件编码", "物料编码", "物资编码", "编码", "编号", "配件", "part", "code"}},
		{Field: "counted", Kind: Number, Required: true, Names: []string{"实盘数量", "实盘数", "盘点数量", "实存数量", "实存数", "实盘", "counted"}},
		{Field: "reason", Names: []string{"差异原因", "盘盈盘亏原因", "原因", "reason"}},
		{Field: "serials", Names: []string{"序列号", "serials", "serial"}},
		{Field: "project", Names: []string{"项目编号", "项目代码", "项目", "projectid", "project"}},
		{Field: "count", Names: []string{"盘点单号", "盘点编号", "盘点表编号", "countsheet", "count"}},
		{Field: "countedOn", Kind: Date, Names: []string{"盘点日期", "日期", "countedon", "date"}},
		{Field: "countedBy", Names: []string{"盘点人", "countedby"}},
		{Field: "witness", Names: []string{"监盘人", "witness"}},
	},
	Aside: []string{"序号", "名称", "配件名称", "物料名称", "型号", "规格型号", "单位", "账面数量", "账面数", "账存数量", "账存数", "盈亏数量", "差异数量", "差异", "备注", "unit", "book", "name"},
}
