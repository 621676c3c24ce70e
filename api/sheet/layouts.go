package sheet

// Charges is the charge list F3 (售后服务收费明细表).
var Charges = Layout{
	Name: "charge list (F3)",
	Columns: []Column{
		{Field: "charge", Names: []string{"编号", "收费编号", "收费单号", "明细编号", "单据编号", "单据号", "单号", "no", "chargeno", "number", "charge"}},
		{Field: "occurredOn", Kind: Date, Required: true, Names: []string{"日期", "收费日期", "服务日期", "发生日期", "施工日期", "维修日期", "业务日期", "date", "occurredon"}},
		{Field: "project", Required: true, Names: []string{"项目编号", "项目代码", "小区编号", "项目", "小区", "项目名称", "小区名称", "projectid", "project"}},
		{Field: "roomAndOwner", Names: []string{"房号业主", "业主房号", "房号及业主", "roomowner"}},
		{Field: "room", Names: []string{"房号", "房间号", "室号", "单元房号", "room"}},
		{Field: "owner", Names: []string{"业主", "业主姓名", "住户", "住户姓名", "客户", "客户姓名", "owner"}},
		{Field: "item", Required: true, Names: []string{"价目编号", "收费标准编号", "服务编号", "服务内容", "服务项目", "收费项目", "收费内容", "项目内容", "服务", "item", "service"}},
		{Field: "quantity", Kind: Number, Names: []string{"数量", "quantity", "qty"}},
		{Field: "unitPrice", Kind: Number, Names: []string{"单价", "含税单价", "标准单价", "收费标准", "unitprice", "listprice", "price"}},
		{Field: "net", Kind: Number, Names: []string{"不含税金额", "未税金额", "净额", "net"}},
		{Field: "tax", Kind: Number, Names: []string{"税额", "税金", "tax"}},
		{Field: "amount", Kind: Number, Names: []string{"金额含税", "含税金额", "价税合计", "金额", "收费金额", "应收金额", "费用", "收费", "gross", "amount"}},
		{Field: "ticket", Names: []string{"工单号", "工单编号", "工单", "登记编号", "登记表编号", "ticket"}},
		{Field: "faultLine", Names: []string{"故障单号", "故障记录编号", "故障编号", "faultline", "f1"}},
		{Field: "center", Names: []string{"付款方编号", "中心编号", "付款方", "付款单位", "物业服务中心", "物业中心", "服务中心", "中心", "payer", "center"}},
		{Field: "remark", Names: []string{"备注", "说明", "remark", "note"}},
	},
	Total: "amount",
	Aside: []string{"序号", "单位", "unit"},
}

// Faults is the fault record F1 (智能化工程设备故障处理记录表).
var Faults = Layout{
	Name: "fault record (F1)",
	Columns: []Column{
		{Field: "line", Names: []string{"编号", "记录编号", "故障编号", "故障单号", "单号", "no", "number", "line"}},
		{Field: "ticket", Names: []string{"工单号", "工单编号", "工单", "登记编号", "登记表编号", "ticket"}},
		{Field: "project", Names: []string{"项目编号", "项目代码", "小区编号", "项目", "小区", "项目名称", "小区名称", "projectid", "project"}},
		{Field: "room", Names: []string{"房号", "房间号", "室号", "room"}},
		{Field: "owner", Names: []string{"业主", "业主姓名", "住户", "owner"}},
		{Field: "phone", Names: []string{"电话", "联系电话", "手机", "phone"}},
		{Field: "device", Required: true, Names: []string{"设备名称", "故障设备", "设备", "device"}},
		{Field: "serial", Names: []string{"序列号", "设备序列号", "机身号", "serial", "sn"}},
		{Field: "location", Names: []string{"安装位置", "故障位置", "位置", "地点", "location"}},
		{Field: "notifiedAt", Kind: Date, Names: []string{"通知时间", "报修通知时间", "报修时间", "接报时间", "报修日期", "通知日期", "notifiedat", "notified"}},
		{Field: "category", Names: []string{"类别", "紧急程度", "需求类别", "category"}},
		{Field: "recordedOn", Kind: Date, Names: []string{"处理日期", "处理时间", "维修日期", "完成日期", "完成时间", "解决时间", "记录日期", "日期", "recordedon", "resolved", "date"}},
		{Field: "symptom", Required: true, Names: []string{"故障现象", "故障描述", "现象", "故障内容", "symptom"}},
		{Field: "cause", Names: []string{"故障原因", "损坏原因", "原因", "cause"}},
		{Field: "solvedOnSite", Kind: YesNo, Names: []string{"现场解决", "是否现场解决", "现场是否解决", "solvedonsite"}},
		{Field: "replacement.part", Names: []string{"配件编号", "配件编码", "配件型号", "更换配件", "更换部件", "更换备件", "配件", "part"}},
		{Field: "replacement.quantity", Kind: Number, Names: []string{"更换数量", "配件数量", "数量", "quantity", "qty"}},
		{Field: "replacement.oldSerial", Names: []string{"旧序列号", "旧件序列号", "原序列号", "换下序列号", "oldserial"}},
		{Field: "replacement.newSerial", Names: []string{"新序列号", "新件序列号", "换上序列号", "newserial"}},
	},
	Aside: []string{"序号", "单位", "unit"},
}
