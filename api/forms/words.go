package forms

import (
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Project is the project that a paper is about, as its head names it.
type Project struct {
	ID         domain.ProjectID
	Name       string
	Region     string
	City       string
	Center     domain.CenterID
	CenterName string
}

func (p Project) head() []Field {
	return []Field{
		{"项目", named(p.Name, string(p.ID))}, {"物业服务中心", named(p.CenterName, string(p.Center))},
		{"区域", p.Region}, {"城市", p.City},
	}
}

// named is a name with the number that it stands for.
func named(name, id string) string {
	switch {
	case name == "":
		return id
	case id == "":
		return name
	}
	return name + "（" + id + "）"
}

// Signature is who put a name to a paper, and when.
type Signature struct {
	By string
	On calendar.Date
}

func (s Signature) field(label string) Field {
	return Field{label, spaced(s.By, s.On.String())}
}

func spaced(parts ...string) (text string) {
	for _, p := range parts {
		switch {
		case p == "":
		case text == "":
			text = p
		default:
			text += " " + p
		}
	}
	return text
}

// moment writes an instant as people do.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(calendar.Shanghai)
	if t.Second() != 0 {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func quantity(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// price writes a price with at least two decimals.
func price(d decimal.Decimal) string {
	if d.Equal(d.Round(2)) {
		return d.StringFixed(2)
	}
	return d.String()
}

func percent(rate decimal.Decimal) string { return rate.Shift(2).String() + "%" }

// amountOrNone leaves zero empty.
func amountOrNone(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

// causeNames are what F1 says in the column of causes; lists are read back by
// the same words.
var causeNames = map[policy.Cause]string{
	policy.Wear: "自然损坏", policy.HumanDamage: "人为损坏", policy.Lightning: "雷击", policy.Typhoon: "台风", policy.OtherForce: "不可抗力", policy.Unknown: "不明",
}

var categoryNames = map[policy.Category]string{policy.Emergency: "紧急", policy.Ordinary: "一般"}

var bearerNames = map[policy.Bearer]string{policy.Us: "我方承担", policy.Center: "物业中心承担"}

var presenceNames = map[policy.Presence]string{policy.OnProject: "驻场", policy.ElsewhereCity: "撤场（同城有队伍）", policy.LeftCity: "部门撤离城市"}

var roleNames = map[domain.Role]string{
	domain.DepartmentManager: "部门经理", domain.HQAffairsSupervisor: "本部事务主管", domain.TechGroupLead: "技术组主管", domain.PurchasingAdmin: "采购管理员",
	domain.RegionalAdmin: "区域行政", domain.CityLead: "城市负责人", domain.CityTechLead: "城市技术负责人", domain.Technician: "售后服务技术员",
	domain.RegionalSupervisor: "区域主管", domain.AssistantManager: "分管经理助理", domain.ProjectLeader: "项目组负责人", domain.MaterialsPlanner: "物资计划管理员",
	domain.Finance: "财务人员", domain.CenterRegistrar: "物业登记员", domain.CenterMaintenance: "物业维修主管", domain.CenterHead: "物业服务中心负责人",
}

// RoleName returns a role's name on papers.
func RoleName(r domain.Role) string { return roleNames[r] }

// coverage says whether a ticket is within the warranty.
func coverage(c policy.Coverage) string {
	in := "保外"
	if c.InWarranty {
		in = "保内"
	}
	return in
}

// sealed says what a paper was made of.
func sealed(hash string) string {
	if hash == "" {
		return ""
	}
	return "说明：内容校验 SHA-256 " + hash
}
