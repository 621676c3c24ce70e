package notice

import (
	"fmt"
	"strings"
	"unicode"

	"aftersales-ledger/domain"
)

// maxSubject bounds a subject, in characters: names that people typed are part
// of it.
const maxSubject = 160

// letter is a text in the making.
type letter struct{ body strings.Builder }

// subject puts both languages on one line.
func subject(zh, en string) string {
	s := []rune(oneLine(zh + " · " + en))
	if len(s) > maxSubject {
		s = append(s[:maxSubject-1], '…')
	}
	return string(s)
}

// say begins a letter with what it is about.
func say(zh, en string) *letter {
	l := &letter{}
	fmt.Fprintf(&l.body, "%s\n%s\n\n", oneLine(zh), oneLine(en))
	return l
}

// fact adds a line; one without a value is left out.
func (l *letter) fact(label string, value any) *letter {
	if text := oneLine(fmt.Sprint(value)); text != "" {
		fmt.Fprintf(&l.body, "%s: %s\n", label, text)
	}
	return l
}

// where adds what the context knows of the place.
func (l *letter) where(c Context) *letter {
	l.fact("物业服务中心 Center", join(string(c.Center), c.CenterName))
	l.fact("项目 Project", join(string(c.Project), c.ProjectName))
	return l
}

func (l *letter) end() string { return l.body.String() }

func join(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// oneLine makes text that people typed fit for one line of a letter or of a
// header: whatever breaks or hides a line becomes a space.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || unicode.Is(unicode.Cf, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// roleNames are the procedure's own words (§4).
var roleNames = map[domain.Role]string{
	domain.DepartmentManager: "部门经理", domain.HQAffairsSupervisor: "本部事务主管", domain.TechGroupLead: "技术组主管",
	domain.PurchasingAdmin: "采购管理员", domain.RegionalAdmin: "区域行政", domain.CityLead: "城市负责人",
	domain.CityTechLead: "城市技术负责人", domain.Technician: "售后服务技术员", domain.RegionalSupervisor: "区域主管",
	domain.AssistantManager: "分管经理助理", domain.ProjectLeader: "项目组负责人", domain.MaterialsPlanner: "物资计划管理员",
	domain.Finance: "财务人员", domain.CenterRegistrar: "物业服务中心登记员", domain.CenterMaintenance: "维修主管",
	domain.CenterHead: "物业服务中心负责人",
}

// RoleName is the Chinese name of a role.
func RoleName(r domain.Role) string { return roleNames[r] }
