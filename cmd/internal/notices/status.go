package notices

import (
	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/domain/notice"
)

// State is what the sender is doing.
type State string

const (
	Starting State = "starting"
	Live     State = "live"    // it has come to the end of the log
	Waiting  State = "waiting" // the log cannot be read or written just now
)

// Status says how the sender is.
type Status struct {
	State    State
	Reason   string // why it waits
	Channel  notice.Channel
	Position uint64 // log position up to which events were taken in
	Waiting  int    // notices to be tried, or tried again
	Held     int    // events whose notices wait for an address
	// Since the process began:
	Sent    uint64
	Failed  uint64 // attempts
	GivenUp uint64
}

// Status says how the sender is.
func (r *Reactor) Status() Status {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status
}

func (r *Reactor) note(change func(*Status)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.status)
}

var (
	positionDesc = prometheus.NewDesc("ledger_notices_position",
		"Log position up to which events were taken in by the sender of notices.", nil, nil)
	waitingDesc = prometheus.NewDesc("ledger_notices_waiting", "Notices to be tried, or tried again.", nil, nil)
	heldDesc    = prometheus.NewDesc("ledger_notices_held", "Events whose notices wait for an address.", nil, nil)
	sentDesc    = prometheus.NewDesc("ledger_notices_sent_total", "Notices sent since the process began.",
		[]string{"channel"}, nil)
	failedDesc = prometheus.NewDesc("ledger_notices_failures_total",
		"Attempts to send a notice that failed, since the process began.", nil, nil)
	givenUpDesc = prometheus.NewDesc("ledger_notices_given_up_total",
		"Notices given up since the process began: a person must ask for them.", nil, nil)
)

// Describe implements prometheus.Collector.
func (r *Reactor) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{positionDesc, waitingDesc, heldDesc, sentDesc, failedDesc, givenUpDesc} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (r *Reactor) Collect(to chan<- prometheus.Metric) {
	s := r.Status()
	gauge := func(d *prometheus.Desc, v float64) { to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v) }
	count := func(d *prometheus.Desc, v uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge(positionDesc, float64(s.Position))
	gauge(waitingDesc, float64(s.Waiting))
	gauge(heldDesc, float64(s.Held))
	count(sentDesc, s.Sent, string(s.Channel))
	count(failedDesc, s.Failed)
	count(givenUpDesc, s.GivenUp)
}
