package kit

import (
	"slices"

	"aftersales-ledger/domain"
)

// Reaching says what the rights of whoever takes an action must reach.
type Reaching string

const (
	// OfCenters: the center whose account it concerns.
	OfCenters Reaching = "center"
	// OfProjects: the project that it concerns, or the center that this is charged to.
	OfProjects Reaching = "project"
	// OfRegions: the region that it concerns, all of it.
	OfRegions Reaching = "region"
	// OfCompany: the whole company. Totals over everything are no part of anybody's
	// scope, and what is common to all is changed for all.
	OfCompany Reaching = "company"
	// InCommon: nothing; it concerns everybody alike.
	InCommon Reaching = "common"
)

// Action is what may be done, by whom and how far: a line of the one table of roles,
// which [Actions] lists, `ledger roles` prints and every route names a line of.
type Action struct {
	Name    string // stable
	Chinese string
	Reach   Reaching
	Clause  string
	Roles   []domain.Role // a role that is not listed may not
	// ClosedFields are groups of fields that some of the roles do not see, see [Hides].
	ClosedFields map[FieldGroup][]domain.Role
}

// actions is the table, in the order in which it is written down.
var actions []*Action

// Actions lists the one table of who may do what, and how far.
func Actions() []*Action { return slices.Clone(actions) }

func action(name, chinese string, reach Reaching, clause string, roles ...domain.Role) *Action {
	a := &Action{Name: name, Chinese: chinese, Reach: reach, Clause: clause, Roles: roles}
	actions = append(actions, a)
	return a
}

// closing keeps a group of fields from some of the action's roles.
func (a *Action) closing(group FieldGroup, roles ...domain.Role) *Action {
	if a.ClosedFields == nil {
		a.ClosedFields = make(map[FieldGroup][]domain.Role)
	}
	a.ClosedFields[group] = roles
	return a
}

// Whoever reads: of the department, of the property centers, and those of the
// department who have to do with what centers owe (§4): technicians, city tech leads,
// project leaders, materials planners and purchasing admins have not.
var (
	ofDepartment = []domain.Role{
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.PurchasingAdmin,
		domain.RegionalAdmin, domain.CityLead, domain.CityTechLead, domain.Technician, domain.RegionalSupervisor,
		domain.AssistantManager, domain.ProjectLeader, domain.MaterialsPlanner, domain.Finance,
	}
	ofCenters = []domain.Role{domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead}
	everyone  = slices.Concat(ofDepartment, ofCenters)
	ofPapers  = slices.Concat(ofDepartment, []domain.Role{domain.CenterHead, domain.CenterMaintenance})
	ofMoney   = []domain.Role{
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.RegionalAdmin, domain.CityLead,
		domain.RegionalSupervisor, domain.AssistantManager, domain.Finance,
	}
	administrators = []domain.Role{domain.Administrator}
	ofPayables     = []domain.Role{
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.PurchasingAdmin,
		domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager, domain.Finance,
	}
	withoutReceivables = []domain.Role{
		domain.PurchasingAdmin, domain.CityTechLead, domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner,
	}
)

// Who may record what (§4).
var (
	MayOpenAccounts = action("open-accounts", "开立物业中心账户", OfRegions, "5.3.4",
		domain.RegionalAdmin, domain.Finance)
	MayPublishPrices = action("publish-prices", "发布部门收费标准", OfCompany, "5.3.1",
		domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayRegisterProjects = action("register-projects", "登记项目、团队驻场情况", OfProjects, "5.4",
		domain.RegionalAdmin, domain.CityLead)
	MayMoveProjects = action("move-projects", "项目移交另一物业中心", OfProjects, "5.3.4",
		domain.RegionalAdmin, domain.DepartmentManager)
	MayRegisterTickets = action("register-tickets", "登记需求、通知团队", OfProjects, "5.1.2",
		domain.CenterRegistrar, domain.CenterMaintenance, domain.Technician, domain.CityLead)
	MayRecordFaults = action("record-faults", "填写故障记录", OfProjects, "5.1.3",
		domain.Technician, domain.CityTechLead)
	MayMoveParts = action("move-parts", "出入库", OfProjects, "5.1.3",
		domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin)
	MayFileReturns = action("file-returns", "填报返修处理流程表", OfProjects, "5.2.1",
		domain.Technician, domain.CityTechLead, domain.TechGroupLead)
	MayDecideReturns = action("decide-returns", "审核、批准返修", OfProjects, "5.2.1",
		domain.CityTechLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayQuoteRepairs = action("quote-repairs", "登记厂家报价", OfProjects, "5.2.1",
		domain.RegionalAdmin, domain.PurchasingAdmin)
	MayConfirmLetters = action("confirm-letters", "确认收费确认函", OfProjects, "5.2.2",
		domain.PurchasingAdmin, domain.HQAffairsSupervisor)
	MayRequestPayments = action("request-payments", "申请付款", OfRegions, "5.2.2",
		domain.RegionalAdmin)
	MayPaySuppliers = action("pay-suppliers", "向供应商付款", OfRegions, "5.2.2",
		domain.Finance)
	MayAskMaterial = action("ask-material", "申请物资", OfProjects, "5.2.3",
		domain.ProjectLeader)
	MayDecideMaterial = action("decide-material", "审核、批准物资申请", OfProjects, "5.2.3",
		domain.TechGroupLead, domain.HQAffairsSupervisor, domain.MaterialsPlanner, domain.DepartmentManager)
	MayPurchase = action("purchase", "采购", OfProjects, "5.2.3",
		domain.PurchasingAdmin)
	MayTakeDelivery = action("take-delivery", "采购收货", OfProjects, "5.2.3",
		domain.MaterialsPlanner, domain.ProjectLeader, domain.RegionalAdmin, domain.PurchasingAdmin)
	MayShipFaulty = action("ship-faulty", "旧件返厂", OfProjects, "5.2.1",
		domain.Technician, domain.RegionalAdmin)
	MayCountStock = action("count-stock", "盘点", OfProjects, "5.1.3",
		domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin)
	MayAdjustStock = action("adjust-stock", "盘点调整、报废", OfProjects, "5.1.3",
		domain.MaterialsPlanner, domain.RegionalAdmin)
	MaySupply = action("supply", "登记供应商", OfCompany, "5.2.2",
		domain.PurchasingAdmin)
	MayDescribeParts = action("describe-parts", "维护配件目录", OfCompany, "5.1.3",
		domain.MaterialsPlanner, domain.PurchasingAdmin, domain.TechGroupLead)
	MayReviewFaults = action("review-faults", "核实故障记录", OfProjects, "5.1.3",
		domain.TechGroupLead)
	MayFollowReturns = action("follow-returns", "跟踪返修设备", OfProjects, "5.2.1",
		domain.Technician, domain.RegionalAdmin)
	MayCharge = action("charge", "计收费", OfProjects, "5.3.1",
		domain.Technician, domain.CityLead, domain.RegionalAdmin)
	MayBookPayments = action("book-payments", "登记、核销回款", OfCenters, "5.3.4",
		domain.Finance)
	MayApproveOffList = action("approve-off-list", "批准标准外收费、报赔偿价", OfProjects, "5.3.1",
		domain.HQAffairsSupervisor)
	MayCompensate = action("compensate", "填报赔偿", OfCenters, "5.3.2",
		domain.CityLead)
	MayCredit = action("credit", "开红冲单", OfCenters, "5.3.4",
		domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.Finance)
	MayAskWriteOffs = action("ask-write-offs", "申请坏账转销", OfCenters, "5.3.4",
		domain.RegionalAdmin, domain.CityLead, domain.Finance)
	MayWriteOff = action("write-off", "批准坏账转销", OfCenters, "5.3.4",
		domain.DepartmentManager)
	MayReconcile = action("reconcile", "出具、上报对账单", OfCenters, "5.3.4",
		domain.RegionalAdmin)
	MayAnswerStatements = action("answer-statements", "确认或对账单提出异议", OfCenters, "5.3.4",
		domain.CenterHead, domain.CenterMaintenance)
	MayEnterReplies = action("enter-replies", "录入盖章回函", OfCenters, "5.3.4",
		domain.RegionalAdmin)
	MayReopen = action("reopen", "撤销对账确认", OfCenters, "5.3.4",
		domain.DepartmentManager)
	MayFileReports = action("file-reports", "填报 F1、F3、F4", OfProjects, "5.1.3",
		domain.Technician, domain.CityTechLead, domain.CityLead)
	MayReviewReports = action("review-reports", "审核 F1、F3、F4", OfProjects, "5.1.4",
		domain.CityLead, domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager)
	MaySendReports = action("send-reports", "汇总、报送 F1、F3、F4", OfProjects, "5.1.4",
		domain.RegionalAdmin)
	MayReadNotices = action("read-notices", "查看通知", OfProjects, "5.1.3",
		domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayResendNotices = action("resend-notices", "重发通知", OfProjects, "5.1.3",
		domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor)
	MayCollect = action("collect", "催收", OfCenters, "5.3.4",
		domain.CityLead, domain.RegionalAdmin, domain.Finance)
	MayPublishTables = action("publish-tables", "发布服务标准表", OfCompany, "5.4",
		domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayOverrideTerms = action("override-terms", "登记合同约定", OfProjects, "5.4",
		domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayLeadProjects = action("lead-projects", "发布值班表、移交登记表、计划移交", OfProjects, "5.1.1",
		domain.CityLead, domain.RegionalAdmin)
	MayProveHandover = action("prove-handover", "登记移交事项", OfProjects, "5.4.1.1",
		domain.CityLead, domain.RegionalAdmin, domain.CenterHead, domain.CenterMaintenance)
	MayAdviseParts = action("advise-parts", "建议备件", OfProjects, "5.4.2.1",
		domain.Technician, domain.CityLead, domain.CityTechLead)
	MayWorkTickets = action("work-tickets", "接单、到场、解决", OfProjects, "5.4",
		domain.Technician, domain.CityTechLead, domain.CityLead, domain.TechGroupLead)
	MayCloseTickets = action("close-tickets", "关闭、重新打开需求", OfProjects, "5.1.3",
		domain.Technician, domain.CityLead, domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead)
	MayOverrideCoverage = action("override-coverage", "更正服务判定", OfProjects, "5.4",
		domain.CityLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayEscalate = action("escalate", "上报重要事项", OfProjects, "5.1.2",
		domain.Technician, domain.CityLead, domain.CityTechLead, domain.RegionalAdmin, domain.HQAffairsSupervisor,
		domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead)
	MayGiveOpinions = action("give-opinions", "对上报事项提意见", OfProjects, "5.1.2",
		domain.HQAffairsSupervisor, domain.DepartmentManager)
	MayFollowEscalations = action("follow-escalations", "跟进、关闭上报事项", OfProjects, "5.1.2",
		domain.HQAffairsSupervisor)
	MayMakeVisits = action("make-visits", "登记例行巡检", OfProjects, "5.4",
		domain.Technician, domain.CityTechLead, domain.CityLead)
	MayAdministerUsers = action("administer-users", "管理用户与授权", OfCompany, "4",
		domain.Administrator)
	MayAssignFindings = action("assign-findings", "指派差异", OfProjects, "5.1.3", ofDepartment...)
	MayCloseFindings  = action("close-findings", "关闭、重开差异", OfProjects, "5.1.3", domain.TechGroupLead)
	MayStorePapers    = action("store-papers", "上传附件", InCommon, "5.2.2", ofPapers...)
)

// Who may read what (§4).
var (
	MayReadAccounts = action("read-accounts", "查看应收、对账单、回款", OfCenters, "5.3.4",
		slices.Concat(ofMoney, ofCenters)...)
	MayReadCollection = action("read-collection", "查看催收、待核对款项", OfCenters, "5.3.4", ofMoney...)
	MayReadConflicts  = action("read-conflicts", "查看有冲突的回款", OfCenters, "5.3.4",
		domain.Finance, domain.RegionalAdmin, domain.DepartmentManager)
	MayReadCharges = action("read-charges", "查看收费明细", OfProjects, "5.3.3", everyone...).
			closing(Receivable, withoutReceivables...)
	MayReadWork = action("read-work", "查看项目、需求、巡检、登记表", OfProjects, "5.1", everyone...).
			closing(Cost, ofCenters...)
	MayReadFilings   = action("read-filings", "查看 F1、F3、F4", OfProjects, "5.1.3", ofDepartment...)
	MayReadRegions   = action("read-regions", "查看区域汇总", OfRegions, "5.1.3", ofMoney...)
	MayReadRepairs   = action("read-repairs", "查看返修、物资申请", OfProjects, "5.2", ofDepartment...)
	MayReadPayables  = action("read-payables", "查看付款申请", OfRegions, "5.2.2", ofPayables...)
	MayReadParts     = action("read-parts", "查看配件、库存、差异", OfProjects, "5.1.3", ofDepartment...)
	MayReadPapers    = action("read-papers", "查看附件", OfProjects, "5.2.2", ofPapers...)
	MayReadCatalogue = action("read-catalogue", "查看配件目录", InCommon, "5.1.3", ofDepartment...)
	MayReadSuppliers = action("read-suppliers", "查看供应商", InCommon, "5.2.2", ofPayables...)
	MayReadTables    = action("read-tables", "查看收费标准、服务标准表", InCommon, "5.3.1", everyone...)
	MayReadBooks     = action("read-books", "查看全公司试算平衡", OfCompany, "5.3.4",
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.Finance)
	MaySearch = action("search", "查找", OfProjects, "4", everyone...)
	MayFollow = action("follow-changes", "接收实时变动", InCommon, "4", slices.Concat(everyone, administrators)...)
	MayHook   = action("keep-webhooks", "设置推送", InCommon, "4",
		domain.Administrator, domain.Finance, domain.RegionalAdmin)
	MayReadLog = action("read-log", "查看事件日志", OfCompany, "4",
		domain.Finance, domain.DepartmentManager, domain.TechGroupLead)
	MayReadTrails = action("read-trails", "查看记录的来历", OfProjects, "4", ofDepartment...)
	MayVerify     = action("verify", "核查全部账目", OfCompany, "4",
		domain.Finance, domain.DepartmentManager, domain.Administrator)
	MayAuditDoor = action("audit-door", "审计登录", OfCompany, "4", domain.Finance, domain.Administrator)
)
