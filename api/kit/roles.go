package kit

import (
	"slices"

	"aftersales-ledger/domain"
)

// Who may do what (§4). A role that is not listed may not; the center's own
// people are further bound to their own center.
var (
	MayOpenAccounts     = []domain.Role{domain.RegionalAdmin, domain.Finance}
	MayPublishPrices    = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	MayRegisterProjects = []domain.Role{domain.RegionalAdmin, domain.CityLead}
	MayMoveProjects     = []domain.Role{domain.RegionalAdmin, domain.DepartmentManager}
	MayRegisterTickets  = []domain.Role{
		domain.CenterRegistrar, domain.CenterMaintenance, domain.Technician, domain.CityLead,
	}
	MayRecordFaults = []domain.Role{domain.Technician, domain.CityTechLead}
	MayMoveParts    = []domain.Role{
		domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin,
	}
	MayFileReturns   = []domain.Role{domain.Technician, domain.CityTechLead, domain.TechGroupLead}
	MayDecideReturns = []domain.Role{
		domain.CityTechLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager,
	}
	MayQuoteRepairs    = []domain.Role{domain.RegionalAdmin, domain.PurchasingAdmin}
	MayConfirmLetters  = []domain.Role{domain.PurchasingAdmin, domain.HQAffairsSupervisor}
	MayRequestPayments = []domain.Role{domain.RegionalAdmin}
	MayPaySuppliers    = []domain.Role{domain.Finance}
	MayAskMaterial     = []domain.Role{domain.ProjectLeader}
	MayDecideMaterial  = []domain.Role{
		domain.TechGroupLead, domain.HQAffairsSupervisor, domain.MaterialsPlanner, domain.DepartmentManager,
	}
	MayPurchase     = []domain.Role{domain.PurchasingAdmin}
	MayTakeDelivery = []domain.Role{
		domain.MaterialsPlanner, domain.ProjectLeader, domain.RegionalAdmin, domain.PurchasingAdmin,
	}
	MayShipFaulty = []domain.Role{domain.Technician, domain.RegionalAdmin}
	MayCountStock = []domain.Role{
		domain.Technician, domain.ProjectLeader, domain.MaterialsPlanner, domain.RegionalAdmin,
	}
	MayAdjustStock      = []domain.Role{domain.MaterialsPlanner, domain.RegionalAdmin}
	MaySupply           = []domain.Role{domain.PurchasingAdmin}
	MayDescribeParts    = []domain.Role{domain.MaterialsPlanner, domain.PurchasingAdmin, domain.TechGroupLead}
	MayReviewFaults     = []domain.Role{domain.TechGroupLead}
	MayFollowReturns    = []domain.Role{domain.Technician, domain.RegionalAdmin}
	MayCharge           = []domain.Role{domain.Technician, domain.CityLead, domain.RegionalAdmin}
	MayBookPayments     = []domain.Role{domain.Finance}
	MayApproveOffList   = []domain.Role{domain.HQAffairsSupervisor}
	MayCompensate       = []domain.Role{domain.CityLead}
	MayCredit           = []domain.Role{domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.Finance}
	MayAskWriteOffs     = []domain.Role{domain.RegionalAdmin, domain.CityLead, domain.Finance}
	MayWriteOff         = []domain.Role{domain.DepartmentManager}
	MayReconcile        = []domain.Role{domain.RegionalAdmin}
	MayAnswerStatements = []domain.Role{domain.CenterHead, domain.CenterMaintenance}
	MayReopen           = []domain.Role{domain.DepartmentManager}
	MayFileReports      = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead}
	MayReviewReports    = []domain.Role{
		domain.CityLead, domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager,
	}
	MaySendReports = []domain.Role{domain.RegionalAdmin}
	MayReadNotices = []domain.Role{
		domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager,
	}
	MayResendNotices = []domain.Role{domain.Finance, domain.RegionalAdmin, domain.HQAffairsSupervisor}
	MayCollect       = []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.Finance}
	MayPublishTables = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	MayOverrideTerms = []domain.Role{domain.RegionalAdmin, domain.HQAffairsSupervisor, domain.DepartmentManager}
	MayLeadProjects  = []domain.Role{domain.CityLead, domain.RegionalAdmin}
	MayProveHandover = []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.CenterHead, domain.CenterMaintenance}
	MayAdviseParts   = []domain.Role{domain.Technician, domain.CityLead, domain.CityTechLead}
	MayWorkTickets   = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead, domain.TechGroupLead}
	MayCloseTickets  = []domain.Role{
		domain.Technician, domain.CityLead, domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead,
	}
	MayOverrideCoverage = []domain.Role{
		domain.CityLead, domain.TechGroupLead, domain.HQAffairsSupervisor, domain.DepartmentManager,
	}
	MayEscalate = []domain.Role{
		domain.Technician, domain.CityLead, domain.CityTechLead, domain.RegionalAdmin, domain.HQAffairsSupervisor,
		domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead,
	}
	MayGiveOpinions      = []domain.Role{domain.HQAffairsSupervisor, domain.DepartmentManager}
	MayFollowEscalations = []domain.Role{domain.HQAffairsSupervisor}
	MayMakeVisits        = []domain.Role{domain.Technician, domain.CityTechLead, domain.CityLead}

	OfDepartment = []domain.Role{
		domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.PurchasingAdmin,
		domain.RegionalAdmin, domain.CityLead, domain.CityTechLead, domain.Technician, domain.RegionalSupervisor,
		domain.AssistantManager, domain.ProjectLeader, domain.MaterialsPlanner, domain.Finance,
	}
	OfCenters = []domain.Role{domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead}
	// Everyone is whoever is of the trade: the administrator of the users is not.
	Everyone = slices.Concat(OfDepartment, OfCenters)

	MayAdministerUsers = []domain.Role{domain.Administrator}
)
