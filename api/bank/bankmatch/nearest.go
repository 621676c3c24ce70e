package bankmatch

import (
	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/remittance"
)

// nearest finds the names most like a payer's among those of the centers and of
// all who have paid for them. It asks once for each payer.
func nearest(candidates []remittance.Candidate) func(payer string) []domain.NamedID {
	var all []domain.NamedID
	for _, c := range candidates {
		all = append(all, domain.NamedID{ID: string(c.Center), Name: c.Name})
		for _, payer := range c.Payers {
			if payer != remittance.Unnamed {
				all = append(all, domain.NamedID{ID: string(c.Center), Name: payer})
			}
		}
	}
	found := make(map[string][]domain.NamedID)
	return func(payer string) []domain.NamedID {
		names, asked := found[payer]
		if !asked {
			names = imports.Nearest(all, payer)
			found[payer] = names
		}
		return names
	}
}
