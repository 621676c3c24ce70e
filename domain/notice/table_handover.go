package notice

import (
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/project"
)

// handedOverInEnglish is what each item of a handover is called.
var handedOverInEnglish = map[project.HandoverItem]string{
	project.NamedPerson: "named person in charge", project.EmergencyPlan: "emergency plan", project.Training: "training",
	project.GradualHandover: "gradual handover",
}

// handoverRules are the notices of §5.4: what the center takes over, and what
// it is advised to stock.
func handoverRules() []Rule {
	return []Rule{
		row[project.HandoverPlanned]{
			Kind: "HANDOVER_PLANNED", Clause: "5.4.1.1", Tells: "what the center prepares before the warranty ends, and by when",
			To: to(centerHead), Cc: to(centerMaintenance, cityLead),
			About: func(e project.HandoverPlanned) Refs { return Refs{Project: e.Project, Center: e.Center} },
			Write: func(e project.HandoverPlanned, c Context) Text {
				l := say("保修期即将届满，请按下列日期做好接管准备。",
					"The warranty is about to end: please prepare to take the service over by the dates below.").
					where(c).fact("保修届满 Warranty ends", e.WarrantyEndsOn).fact("移交开始 Handover from", e.From)
				for _, i := range e.Items {
					l.fact("  "+names.Of(i.Item)+" "+handedOverInEnglish[i.Item],
						Words{i.DueOn.String() + " 前", "by " + i.DueOn.String()})
				}
				return Text{subject("保修期满接管准备 "+c.ProjectName, "Handover before the warranty ends, "+string(e.Project)), l.end()}
			},
		}.rule(),
		row[project.SparePartsAdvised]{
			Kind: "SPARE_PARTS_ADVISED", Clause: "5.4.2.1", Tells: "wearing parts that the center is advised to stock",
			To: to(centerHead), Cc: to(centerMaintenance),
			About: func(e project.SparePartsAdvised) Refs {
				refs := Refs{Project: e.Project, Center: e.Center}
				for _, p := range e.Parts {
					refs.Parts = append(refs.Parts, p.Part)
				}
				return refs
			},
			Write: func(e project.SparePartsAdvised, c Context) Text {
				l := say("建议贵中心储备下列易损件。", "You are advised to stock the wearing parts below.").where(c)
				for i, p := range e.Parts {
					if i == maxListed {
						l.fact("另有 And", items(len(e.Parts)-maxListed))
						break
					}
					l.fact("  "+titled(oneLine(string(p.Part)), oneLine(p.Name)), c.units(p.Part, p.Quantity))
				}
				return Text{
					subject("易损件储备建议 "+c.ProjectName, "Parts to stock, "+string(e.Project)),
					l.fact("日期 Date", e.On).fact("建议人 By", c.person(e.By)).end(),
				}
			},
		}.rule(),
	}
}
