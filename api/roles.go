package api

import "aftersales-ledger/domain"

// Who may do what (§4). A role that is not listed may not; the center's own
// people are further bound to their own center.
var (
	mayOpenAccounts     = []domain.Role{domain.RegionalAdmin, domain.Finance}
	mayPublishPrices    = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayRegisterProjects = []domain.Role{domain.RegionalAdmin, domain.CityLead}
	mayMoveProjects     = []domain.Role{domain.RegionalAdmin, domain.DepartmentManager}
	mayRegisterTickets  = []domain.Role{domain.CenterRegistrar, domain.CenterMaintenance, domain.Technician, domain.CityLead}
	mayRecordFaults     = []domain.Role{domain.Technician, domain.CityTechLead}
	mayMoveParts        = []domain.Role{domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin}
	mayFileReturns      = []domain.Role{domain.Technician, domain.CityTechLead, domain.TechGroupLead}
	mayDecideReturns    = []domain.Role{domain.CityTechLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayQuoteRepairs     = []domain.Role{domain.RegionalAdmin, domain.PurchasingAdmin}
	mayConfirmLetters   = []domain.Role{domain.PurchasingAdmin, domain.HQAffairsSupervisor}
	mayRequestPayments  = []domain.Role{domain.RegionalAdmin}
	mayPaySuppliers     = []domain.Role{domain.Finance}
	mayAskMaterial      = []domain.Role{domain.ProjectLeader}
	mayDecideMaterial   = []domain.Role{domain.TechGroupLead, domain.HQAffairsSupervisor, domain.MaterialsPlanner, domain.DepartmentManager}
	mayPurchase         = []domain.Role{domain.PurchasingAdmin}
	mayTakeDelivery     = []domain.Role{domain.MaterialsPlanner, domain.ProjectLeader, domain.RegionalAdmin, domain.PurchasingAdmin}
	mayShipFaulty       = []domain.Role{domain.Technician, domain.RegionalAdmin}
	mayCountStock       = []domain.Role{domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin}
	mayAdjustStock      = []domain.Role{domain.MaterialsPlanner, domain.RegionalAdmin}
	maySupply           = []domain.Role{domain.PurchasingAdmin}
	mayDescribeParts    = []domain.Role{domain.MaterialsPlanner, domain.PurchasingAdmin, domain.TechGroupLead}
	mayReviewFaults     = []domain.Role{domain.TechGroupLead}
	mayFollowReturns    = []domain.Role{domain.Technician, domain.RegionalAdmin}
	mayCharge           = []domain.Role{domain.Technician, domain.CityLead, domain.RegionalAdmin}
	mayBookPayments     = []domain.Role{domain.Finance}
	mayApproveOffList   = []domain.Role{domain.HQAffairsSupervisor}
	mayCompensate       = []domain.Role{domain.CityLead}
	mayCredit           = []domain.Role{domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.Finance}
	mayAskWriteOffs     = []domain.Role{domain.RegionalAdmin, domain.CityLead, domain.Finance}
	mayWriteOff         = []domain.Role{domain.DepartmentManager}
	mayReconcile        = []domain.Role{domain.RegionalAdmin}
	mayAnswerStatements = []domain.Role{domain.CenterHead, domain.CenterMaintenance}
	mayReopen           = []domain.Role{domain.DepartmentManager}
	mayFileReports      = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead}
	mayReviewReports    = []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager}
	maySendReports      = []domain.Role{domain.RegionalAdmin}
	mayReadNotices      = []domain.Role{domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayResendNotices    = []domain.Role{domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor}
	mayCollect          = []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.Finance}
	mayPublishTables    = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayOverrideTerms    = []domain.Role{domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayLeadProjects     = []domain.Role{domain.CityLead, domain.RegionalAdmin}
	mayProveHandover    = []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.CenterHead, domain.CenterMaintenance}
	mayAdviseParts      = []domain.Role{domain.Technician, domain.CityLead, domain.CityTechLead}
	mayWorkTickets      = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead, domain.TechGroupLead}
	mayCloseTickets     = []domain.Role{domain.Technician, domain.CityLead, domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead}
	mayOverrideCoverage = []domain.Role{domain.CityLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayEscalate         = []domain.Role{
		domain.Technician, domain.CityLead, domain.CityTechLead, domain.RegionalAdmin, domain.HQAffairsSupervisor,
		domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead,
	}
	mayGiveOpinions      = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	mayFollowEscalations = []domain.Role{domain.HQAffairsSupervisor}
	mayMakeVisits        = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead}

	ofDepartment = []domain.Role{
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.PurchasingAdmin,
		domain.RegionalAdmin, domain.CityLead, domain.CityTechLead, domain.Technician, domain.RegionalSupervisor,
		domain.AssistantManager, domain.ProjectLeader, domain.MaterialsPlanner, domain.Finance,
	}
	everyone = domain.Roles()
)
