package sample

import (
	"strings"
	"time"

	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore/ledger"
)

// arrive records the technician's arrival. Of one emergency in ten a wrong time
// is entered first, which the city lead takes back.
func (p *player) arrive(j *job) error {
	about := string(j.ticket)
	enter := func(at time.Time) error {
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, about),
			ticket.Arrive{Ticket: j.ticket, ArrivedAt: at}, (*ticket.Ticket).Arrive))
	}
	if j.category != policy.Emergency || !strings.HasSuffix(about, "3") {
		return enter(j.visit)
	}
	wrong := j.visit.Add(-10 * time.Minute) // nobody is there in less than twenty
	if err := enter(wrong); err != nil {
		return err
	}
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.center.lead, about), ticket.WithdrawArrival{
		Ticket: j.ticket, ArrivedAt: wrong, Instead: j.visit, Reason: "时间误录，以门岗登记为准",
	}, (*ticket.Ticket).WithdrawArrival))
}
