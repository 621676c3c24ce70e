package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore/ledger"
)

type openAccountBody struct {
	Center      string `json:"center" example:"C01" doc:"Identity of the property center"`
	Name        string `json:"name" example:"云栖花园物业服务中心"`
	Region      string `json:"region" example:"华东"`
	SameDueDate string `json:"sameDueDate,omitempty" enum:"CHARGE_DATE,PRO_RATA" default:"PRO_RATA" doc:"Agreed order among charges of one due date; without agreement pro rata"`
}

func (s *service) centers() {
	kit.Command(s.Service, "/v1/centers", "open-account", "Open the account of a property center", kit.MayOpenAccounts,
		func(ctx context.Context, in *kit.CommandInput[openAccountBody]) (kit.Receipt, error) {
			b := in.Body
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), account.Open{
				Center: domain.CenterID(b.Center), Name: b.Name, Region: b.Region,
				Terms: account.Terms{SameDueDate: account.SameDueDate(b.SameDueDate)},
			}, (*account.Account).Open)
			return kit.ReceiptOf(b.Center, o), err
		})
}
