package project

// InRegion returns the region that a project belongs to.
func (p *Project) InRegion() string { return p.region }
