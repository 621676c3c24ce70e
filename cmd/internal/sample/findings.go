package sample

import (
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays what people do about issues that no fault record names: the
// findings whose figures are on the slip itself.

// notice puts a month-end's look at an issue without a fault record on the
// agenda: somebody is to explain it, and most of it is closed.
func (p *player) notice(s slip, issued eventstore.Outcome) error {
	e := issued.Events[0].(depot.PartIssued)
	return p.keeping(func() error {
		region := s.from.center.city.region
		key := finding.Key(fmt.Sprintf("%s:%s/%s", finding.IssueNoFault, e.Project, e.Slip))
		lead := domain.Actor{Name: "techgroup." + region, Role: domain.TechGroupLead}
		closing := finding.Close{
			Finding: key, Class: finding.IssueNoFault, Project: e.Project, Part: e.Part, Quantity: e.Quantity, Value: e.Value,
			Status: finding.Explained, Reason: pick(p, []string{"现场已更换，补记录表遗失，业主签字为证", "领用后用于公共区域抢修"}),
			Evidence: []string{fmt.Sprintf("情况说明 %s", e.Slip)}, Causers: []string{s.taker.Name},
		}
		if p.chance(30) {
			closing.Status, closing.Reason, closing.Evidence = finding.Accepted, "无法说明去向，损失由部门承担", nil
		}
		about := string(key)
		p.keep(p.office(p.now(), p.between(8, 20)), func() error {
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(lead, about),
				finding.Assign{Finding: key, Owner: s.from.techLead.Name, Note: "请说明用途"}, (*finding.Finding).Assign))
		})
		if p.chance(25) { // nobody explains it
			return nil
		}
		p.keep(p.office(p.now(), p.between(25, 60)), func() error {
			if p.chance(20) { // the taker, standing in for the lead
				own := domain.Actor{Name: s.taker.Name, Role: domain.TechGroupLead}
				out, err := p.ledger.CloseFinding(p.ctx, p.request(own, about), closing)
				if err := p.refusedFact("own-submission", out, err); err != nil {
					return err
				}
			}
			if err := p.done(p.ledger.CloseFinding(p.ctx, p.request(lead, about), closing)); err != nil || !p.chance(25) {
				return err
			}
			p.keep(p.office(p.now(), p.between(5, 15)), func() error {
				return p.done(ledger.Do(p.ctx, p.ledger, p.request(lead, about),
					finding.Reopen{Finding: key, Reason: "说明与实际安装位置不符"}, (*finding.Finding).Reopen))
			})
			return nil
		})
		return nil
	})
}
