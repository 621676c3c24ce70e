package api

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
)

type openAccountBody struct {
	Center      string `json:"center" example:"C01" doc:"Identity of the property center"`
	Name        string `json:"name" example:"云栖花园物业服务中心"`
	Region      string `json:"region" example:"华东"`
	SameDueDate string `json:"sameDueDate,omitempty" enum:"CHARGE_DATE,PRO_RATA" default:"PRO_RATA" doc:"Agreed order among charges of one due date; without agreement pro rata"`
}

func (s *server) centers() {
	command(s, "/v1/centers", "open-account", "Open the account of a property center", mayOpenAccounts,
		func(ctx context.Context, in *commandInput[openAccountBody]) (Receipt, error) {
			b := in.Body
			o, err := s.deps.Ledger.OpenAccount(ctx, in.request(ctx), account.Open{
				Center: domain.CenterID(b.Center), Name: b.Name, Region: b.Region,
				Terms: account.Terms{SameDueDate: account.SameDueDate(b.SameDueDate)},
			})
			return receipt(b.Center, o), err
		})
}
