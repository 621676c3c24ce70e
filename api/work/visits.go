package work

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore/ledger"
)

type visitInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On           string   `json:"on" example:"2026-06-17"`
		Technician   string   `json:"technician,omitempty" doc:"The caller if absent"`
		Participants []string `json:"participants,omitempty" doc:"Who else was there"`
		Remark       string   `json:"remark,omitempty" example:"单元门口机除尘"`
	}
}

type withdrawVisitInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On     string `json:"on" example:"2026-06-17"`
		Reason string `json:"reason" example:"误录"`
	}
}

func (s *service) visits() {
	kit.Command(s.Service, "/v1/projects/{project}/visits", "make-visit", "Enter a routine visit (5.4)", kit.MayMakeVisits,
		func(ctx context.Context, in *visitInput) (kit.Receipt, error) {
			var p kit.Parser
			c := visit.Make{
				Project: domain.ProjectID(in.Project), On: p.Date("on", in.Body.On), Technician: in.Body.Technician,
				Participants: in.Body.Participants, Remark: in.Body.Remark,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).MakeVisit(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/visits/withdrawal", "withdraw-visit",
		"Take back a routine visit entered by mistake (5.4)", kit.MayMakeVisits,
		func(ctx context.Context, in *withdrawVisitInput) (kit.Receipt, error) {
			var p kit.Parser
			c := visit.Withdraw{Project: domain.ProjectID(in.Project), On: p.Date("on", in.Body.On), Reason: in.Body.Reason}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*visit.Visits).Withdraw))
			return kit.ReceiptOf(in.Project, o), err
		})
}
