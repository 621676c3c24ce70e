package work

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
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

func (b warrantyBody) read(p *kit.Parser) project.Warranty {
	return project.Warranty{
		CompletionHandoverOn: p.Date("warranty.completionHandoverOn", b.CompletionHandoverOn),
		AcceptanceOn:         p.Date("warranty.acceptanceOn", b.AcceptanceOn),
		OccupancyOn:          p.Date("warranty.occupancyOn", b.OccupancyOn),
		StartsFrom:           project.WarrantyStart(b.StartsFrom), Months: b.Months,
	}
}

type presenceInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Presence string `json:"presence" enum:"ON_PROJECT,ELSEWHERE_CITY,LEFT_CITY"`
		From     string `json:"from" example:"2026-03-01"`
	}
}

type assignCenterInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Center string `json:"center" example:"C02" doc:"Property center that takes the project over"`
		From   string `json:"from" example:"2026-07-01" doc:"From when it answers for it; what is open of charges since then moves along"`
	}
}

func (s *service) projects() {
	kit.Command(s.Service, "/v1/projects", "register-project", "Bring a project under after-sales service",
		kit.MayRegisterProjects,
		func(ctx context.Context, in *kit.CommandInput[registerProjectBody]) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := project.Register{
				Project: domain.ProjectID(b.Project), Name: b.Name, Region: b.Region, City: b.City,
				Center: domain.CenterID(b.Center), From: p.Date("from", b.From), Presence: policy.Presence(b.Presence),
				Warranty: b.Warranty.read(&p),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).RegisterProject(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(b.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/center", "assign-center",
		"Hand a project over to another center from a date on, with what is open of its charges since then (5.3.4)", kit.MayMoveProjects,
		func(ctx context.Context, in *assignCenterInput) (MoveReceipt, error) {
			var p kit.Parser
			c := project.AssignCenter{
				Project: domain.ProjectID(in.Project), Center: domain.CenterID(in.Body.Center), From: p.Date("from", in.Body.From),
			}
			if p.Err != nil {
				return MoveReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).AssignCenter(ctx, in.Request(ctx), c)
			return moveReceipt(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/presence", "change-presence",
		"Record where the serving team is from a date on (5.4)", kit.MayRegisterProjects,
		func(ctx context.Context, in *presenceInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.ChangePresence{
				Project: domain.ProjectID(in.Project), Presence: policy.Presence(in.Body.Presence),
				From: p.Date("from", in.Body.From),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*project.Project).ChangePresence))
			return kit.ReceiptOf(in.Project, o), err
		})
}

// MoveReceipt answers the move of a project with what went along, in yuan.
type MoveReceipt struct {
	kit.Receipt
	Charges []MovedCharge `json:"charges" doc:"What was open of its charges since then, as the other center owes it now"`
	Total   string        `json:"total" doc:"Of these charges; the one center owes so much less, the other so much more"`
}

// MovedCharge is a charge that moved to another center with its project, in yuan.
type MovedCharge struct {
	Charge     string `json:"charge" doc:"Its number at the center that it moved to"`
	Center     string `json:"center"`
	FromCharge string `json:"fromCharge" doc:"Its number before"`
	FromCenter string `json:"fromCenter"`
	Amount     string `json:"amount" doc:"Gross, what was open of it"`
	Posted     string `json:"posted"`
	DueOn      string `json:"dueOn" doc:"As before"`
	Disputed   bool   `json:"disputed,omitempty" doc:"Its dispute came along"`
}

func moveReceipt(id string, o eventstore.Outcome) MoveReceipt {
	out := MoveReceipt{Receipt: kit.ReceiptOf(id, o), Charges: []MovedCharge{}}
	var total money.Amount
	for _, e := range o.Events {
		if e, ok := e.(account.ChargeTransferredIn); ok {
			out.Charges = append(out.Charges, MovedCharge{
				Charge: string(e.Charge), Center: string(e.Center), FromCharge: string(e.FromCharge), FromCenter: string(e.From),
				Amount: e.Money.Gross.String(), Posted: e.Posted.String(),
				DueOn: e.DueOn.String(), Disputed: e.Dispute != nil,
			})
			total = total.Add(e.Money.Gross)
		}
	}
	out.Total = total.String()
	return out
}
