package project

import "aftersales-ledger/domain"

// Centers returns the centers that have answered for the project, each once, in
// order.
func (p *Project) Centers(id domain.ProjectID) ([]domain.CenterID, error) {
	if err := p.MustExist(id); err != nil {
		return nil, err
	}
	var centers []domain.CenterID
	seen := make(map[domain.CenterID]bool)
	for _, a := range p.centers {
		if !seen[a.Center] {
			centers, seen[a.Center] = append(centers, a.Center), true
		}
	}
	return centers, nil
}
