package facts

import "aftersales-ledger/domain/project"

// project gives the rows of an event of a project: its own steps, or what was
// agreed about its service.
func (f *Facts) project(r *Recorded, e project.Event) error {
	switch e := e.(type) {
	case project.ProjectRegistered:
		f.projects.add(r, projectRow{project: e.Project, step: "REGISTERED", on: e.RegisteredOn, terms: e})
	case project.CenterAssigned:
		f.projects.add(r, projectRow{project: e.Project, step: "CENTER_ASSIGNED", on: e.From, center: e.Center})
	case project.WarrantyAgreed:
		f.projects.add(r, projectRow{project: e.Project, step: "WARRANTY_AGREED", on: e.From, warranty: e})
	case project.TeamPresenceChanged:
		f.projects.add(r, projectRow{project: e.Project, step: "PRESENCE_CHANGED", on: e.From, presence: e.Presence})
	case project.RosterPublished:
		for i, c := range e.Entries {
			f.projectTerms.add(r, i, projectTermRow{
				project: e.Project, step: "ROSTER", on: e.From, version: e.Version, role: c.Role, name: c.Name,
				phone: c.Phone,
			})
		}
	case project.RegistrationFormHandedOver:
		f.projectTerms.add(r, 0, projectTermRow{
			project: e.Project, step: "FORM", on: e.On, center: e.Center, name: e.ReceivedBy, text: e.By,
		})
	case project.ServiceTermsOverridden:
		f.projectTerms.add(r, 0, projectTermRow{
			project: e.Project, step: "OVERRIDE", on: e.From, until: e.Until, item: string(e.Override), override: e,
			text: e.Reason,
		})
	case project.HandoverPlanned:
		for i, p := range e.Items {
			f.projectTerms.add(r, i, projectTermRow{
				project: e.Project, step: "HANDOVER_PLANNED", on: e.From, due: p.DueOn, warrantyEndsOn: e.WarrantyEndsOn,
				center: e.Center, item: string(p.Item),
			})
		}
	case project.HandoverItemDone:
		f.projectTerms.add(r, 0, projectTermRow{
			project: e.Project, step: "HANDOVER_DONE", on: e.On, item: string(e.Item), name: e.Person,
			people: e.Attended, text: e.Evidence,
		})
	case project.SparePartsAdvised:
		for i, p := range e.Parts {
			f.projectTerms.add(r, i, projectTermRow{
				project: e.Project, step: "SPARE_PARTS", on: e.On, center: e.Center, item: string(p.Part), name: p.Name,
				quantity: p.Quantity, text: p.Remark,
			})
		}
	default:
		return unmapped(r)
	}
	return nil
}
