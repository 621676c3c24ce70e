package api

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
)

type registerProjectBody struct {
	Project  string       `json:"project" example:"P001"`
	Name     string       `json:"name" example:"云栖花园一期"`
	Region   string       `json:"region" example:"华东"`
	City     string       `json:"city" example:"杭州"`
	Center   string       `json:"center" example:"C01" doc:"Property center that answers for the project"`
	From     string       `json:"from" example:"2024-09-01" doc:"From when it does"`
	Presence string       `json:"presence,omitempty" enum:"ON_PROJECT,ELSEWHERE_CITY,LEFT_CITY" default:"ON_PROJECT" doc:"Where the serving team is"`
	Warranty warrantyBody `json:"warranty"`
}

type warrantyBody struct {
	CompletionHandoverOn string `json:"completionHandoverOn,omitempty"`
	AcceptanceOn         string `json:"acceptanceOn,omitempty"`
	OccupancyOn          string `json:"occupancyOn,omitempty"`
	StartsFrom           string `json:"startsFrom" enum:"COMPLETION_HANDOVER,ACCEPTANCE,OCCUPANCY" doc:"The start that the contract counts from"`
	Months               int    `json:"months" example:"24"`
}

func (b warrantyBody) read(p *parser) project.Warranty {
	return project.Warranty{
		CompletionHandoverOn: p.date("warranty.completionHandoverOn", b.CompletionHandoverOn),
		AcceptanceOn:         p.date("warranty.acceptanceOn", b.AcceptanceOn),
		OccupancyOn:          p.date("warranty.occupancyOn", b.OccupancyOn),
		StartsFrom:           project.WarrantyStart(b.StartsFrom), Months: b.Months,
	}
}

type presenceInput struct {
	CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Presence string `json:"presence" enum:"ON_PROJECT,ELSEWHERE_CITY,LEFT_CITY"`
		From     string `json:"from" example:"2026-03-01"`
	}
}

type assignCenterInput struct {
	CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Center string `json:"center" example:"C02" doc:"Property center that takes the project over"`
		From   string `json:"from" example:"2026-07-01" doc:"From when it answers for it; what is open of charges since then moves along"`
	}
}

func (s *server) projects() {
	command(s, "/v1/projects", "register-project", "Bring a project under after-sales service", mayRegisterProjects,
		func(ctx context.Context, in *commandInput[registerProjectBody]) (Receipt, error) {
			var p parser
			b := in.Body
			c := project.Register{
				Project: domain.ProjectID(b.Project), Name: b.Name, Region: b.Region, City: b.City,
				Center: domain.CenterID(b.Center), From: p.date("from", b.From), Presence: policy.Presence(b.Presence),
				Warranty: b.Warranty.read(&p),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.RegisterProject(ctx, in.request(ctx), c)
			return receipt(b.Project, o), err
		})

	command(s, "/v1/projects/{project}/center", "assign-center", "Hand a project over to another center from a date on, with what is open of its charges since then (5.3.4)", mayMoveProjects,
		func(ctx context.Context, in *assignCenterInput) (Receipt, error) {
			var p parser
			c := project.AssignCenter{
				Project: domain.ProjectID(in.Project), Center: domain.CenterID(in.Body.Center), From: p.date("from", in.Body.From),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.AssignCenter(ctx, in.request(ctx), c)
			return receipt(in.Project, o), err
		})

	command(s, "/v1/projects/{project}/presence", "change-presence", "Record where the serving team is from a date on (5.4)", mayRegisterProjects,
		func(ctx context.Context, in *presenceInput) (Receipt, error) {
			var p parser
			c := project.ChangePresence{
				Project: domain.ProjectID(in.Project), Presence: policy.Presence(in.Body.Presence), From: p.date("from", in.Body.From),
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.ChangePresence(ctx, in.request(ctx), c)
			return receipt(in.Project, o), err
		})
}
