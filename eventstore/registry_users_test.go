package eventstore

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// userExamples are the events of the people who are let in.
func userExamples() []domain.Event {
	return []domain.Event{
		user.UserCreated{
			Login: "wang.fang", Name: "王芳", Mail: "wang.fang@example.com", Phone: "138 0000 0000", Reason: "入职",
			On: on("2026-11-29"), By: "admin",
		},
		user.UserInvited{
			Login: "wang.fang", Mail: "wang.fang@example.com", Reason: "入职", On: on("2026-11-29"), By: "admin",
		},
		user.UserDetailsChanged{
			Login: "wang.fang", Name: "王芳芳", Mail: "wang.ff@example.com", Phone: "139 0000 0000", Reason: "改名",
			On: on("2026-11-30"), By: "admin",
		},
		// No grant names all of these: the kinds of reach exclude one another.
		user.RoleGranted{
			Login: "wang.fang", Grant: 1, Role: domain.RegionalAdmin, Reach: access.Reach{
				All: true, Regions: []string{"华东"}, Cities: []string{"上海"}, Projects: []domain.ProjectID{"P001"},
				Centers: []domain.CenterID{"C01"},
			},
			From: on("2026-12-01"), Until: on("2027-11-30"), Reason: "接任", On: on("2026-11-29"), By: "admin",
		},
		user.GrantWithdrawn{
			Login: "wang.fang", Grant: 1, Role: domain.RegionalAdmin, From: on("2027-06-01"), Reason: "调岗",
			On: on("2027-05-20"), By: "admin",
		},
		user.UserSuspended{Login: "wang.fang", Reason: "手机遗失", On: on("2026-12-05"), By: "admin"},
		user.UserReinstated{Login: "wang.fang", Reason: "已换号", On: on("2026-12-06"), By: "admin"},
		user.IdentityLinked{
			Login: "wang.fang", Identity: user.Identity{Issuer: "https://id.example.com", Subject: "248289761001"},
			Reason: "启用单点登录", On: on("2026-12-07"), By: "admin",
		},
		user.IdentityUnlinked{
			Login: "wang.fang", Identity: user.Identity{Issuer: "https://id.example.com", Subject: "248289761001"},
			Reason: "换了单位账号", On: on("2026-12-08"), By: "admin",
		},
	}
}
