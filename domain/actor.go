package domain

import "slices"

// Role is a function in the department or at a property center (§4).
type Role string

const (
	DepartmentManager   Role = "department-manager"    // 部门经理: last approver of what we pay for
	HQAffairsSupervisor Role = "hq-affairs-supervisor" // 本部事务主管: approves off-list charges, quotes compensation
	TechGroupLead       Role = "tech-group-lead"       // 技术组主管: reviews fault records, approves repairs
	PurchasingAdmin     Role = "purchasing-admin"      // 采购管理员: suppliers and purchases
	RegionalAdmin       Role = "regional-admin"        // 区域行政: follows devices, forms, reconciliation
	CityLead            Role = "city-lead"             // 城市负责人: after-sales in the city, chases payment
	CityTechLead        Role = "city-tech-lead"        // 城市技术负责人: reviews returns
	Technician          Role = "technician"            // 售后服务技术员: tickets and fault records
	RegionalSupervisor  Role = "regional-supervisor"   // 区域主管: reviews the monthly report
	AssistantManager    Role = "assistant-manager"     // 分管经理助理: reviews the monthly report
	ProjectLeader       Role = "project-leader"        // 项目组负责人: material requisitions
	MaterialsPlanner    Role = "materials-planner"     // 物资计划管理员: reviews requisitions
	Finance             Role = "finance"               // 财务人员: receivables, payments, audit
	CenterRegistrar     Role = "center-registrar"      // 物业服务中心登记员: registers needs
	CenterMaintenance   Role = "center-maintenance"    // 维修主管: the center's maintenance supervisor
	CenterHead          Role = "center-head"           // 物业服务中心负责人: confirms, disputes, pays

	// Administrator (系统管理员) is not of the procedure: it makes users, grants and
	// suspends, and sees nothing of the trade.
	Administrator Role = "administrator"
)

// Roles lists every role: those of the procedure in its order, and the
// administrator of the users.
func Roles() []Role {
	return []Role{
		DepartmentManager, HQAffairsSupervisor, TechGroupLead, PurchasingAdmin, RegionalAdmin, CityLead,
		CityTechLead, Technician, RegionalSupervisor, AssistantManager, ProjectLeader, MaterialsPlanner,
		Finance, CenterRegistrar, CenterMaintenance, CenterHead, Administrator,
	}
}

// OfCenter reports whether the role belongs to a property center rather than
// to the department; its holder sees and touches that center only.
func (r Role) OfCenter() bool {
	return r == CenterRegistrar || r == CenterMaintenance || r == CenterHead
}

// ParseRole accepts the names listed by Roles.
func ParseRole(s string) (Role, error) {
	if r := Role(s); slices.Contains(Roles(), r) {
		return r, nil
	}
	return "", Invalid("role", s, "unknown-role", "must be one of %v", "4", Roles())
}

// Actor is the person on whose behalf a command is carried out.
type Actor struct {
	Name   string   // unique name, as in the token
	Role   Role     // the role they act in now
	Center CenterID // the center they belong to; empty for the department's own people
}
