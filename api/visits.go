package api

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/visit"
)

type visitInput struct {
	CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On           string   `json:"on" example:"2026-06-17"`
		Technician   string   `json:"technician,omitempty" doc:"The caller if absent"`
		Participants []string `json:"participants,omitempty" doc:"Who else was there"`
		Remark       string   `json:"remark,omitempty" example:"单元门口机除尘"`
	}
}

type withdrawVisitInput struct {
	CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On     string `json:"on" example:"2026-06-17"`
		Reason string `json:"reason" example:"误录"`
	}
}

func (s *server) visits() {
	command(s, "/v1/projects/{project}/visits", "make-visit", "Enter a routine visit (5.4)", mayMakeVisits,
		func(ctx context.Context, in *visitInput) (Receipt, error) {
			var p parser
			c := visit.Make{
				Project: domain.ProjectID(in.Project), On: p.date("on", in.Body.On), Technician: in.Body.Technician,
				Participants: in.Body.Participants, Remark: in.Body.Remark,
			}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.MakeVisit(ctx, in.request(ctx), c)
			return receipt(in.Project, o), err
		})

	command(s, "/v1/projects/{project}/visits/withdrawal", "withdraw-visit", "Take back a routine visit entered by mistake (5.4)", mayMakeVisits,
		func(ctx context.Context, in *withdrawVisitInput) (Receipt, error) {
			var p parser
			c := visit.Withdraw{Project: domain.ProjectID(in.Project), On: p.date("on", in.Body.On), Reason: in.Body.Reason}
			if p.err != nil {
				return Receipt{}, p.err
			}
			o, err := s.deps.Ledger.WithdrawVisit(ctx, in.request(ctx), c)
			return receipt(in.Project, o), err
		})
}
