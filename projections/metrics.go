package projections

import (
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/projections/facts"
)

// metrics are what operators watch the projector by.
type metrics struct {
	batches prometheus.Counter
	events  prometheus.Counter
	retries prometheus.Counter
	rows    *prometheus.CounterVec
	insert  prometheus.Histogram
}

var (
	positionDesc = prometheus.NewDesc("ledger_projector_position", "Log position up to which the read models show events.",
		nil, nil)
	headDesc = prometheus.NewDesc("ledger_projector_head", "Position of the end of the log when last looked at.", nil,
		nil)
	lagDesc = prometheus.NewDesc("ledger_projector_lag_positions",
		"Log positions between the read models and the end of the log.", nil, nil)
	behindDesc = prometheus.NewDesc("ledger_projector_lag_seconds",
		"Upper bound on the age of the oldest event not shown; 0 when none is missing.", nil, nil)
	stoppedDesc = prometheus.NewDesc("ledger_projector_stopped", "1 when the projector cannot go on without a person.",
		nil, nil)
	stateDesc = prometheus.NewDesc("ledger_projector_state", "1 for the state the projector is in.", []string{"state"},
		nil)
)

func newMetrics() *metrics {
	return &metrics{
		batches: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ledger_projector_batches_total", Help: "Batches of rows written.",
		}),
		events: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ledger_projector_events_total", Help: "Events projected, again after a repetition or rebuild.",
		}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "ledger_projector_retries_total", Help: "Times the projector began anew after a failure.",
		}),
		rows: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "ledger_projector_rows_total", Help: "Rows written by fact table.",
		}, []string{"table"}),
		insert: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "ledger_projector_insert_seconds", Help: "Time to write a batch and its checkpoint.",
			Buckets: prometheus.ExponentialBuckets(0.002, 2.5, 9), // 2 ms to 3 s
		}),
	}
}

// wrote counts a batch that is durable.
func (m *metrics) wrote(f *facts.Facts, took time.Duration) {
	m.batches.Inc()
	m.events.Add(float64(f.Events))
	m.insert.Observe(took.Seconds())
	for _, t := range f.Tables {
		m.rows.WithLabelValues(t.Name).Add(float64(t.Rows))
	}
}

// Describe implements prometheus.Collector.
func (m *ReadModels) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{positionDesc, headDesc, lagDesc, behindDesc, stoppedDesc, stateDesc} {
		to <- d
	}
	for _, c := range m.metrics.counters() {
		c.Describe(to)
	}
}

// Collect implements prometheus.Collector.
func (m *ReadModels) Collect(to chan<- prometheus.Metric) {
	s := m.Status()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(positionDesc, float64(s.Position))
	gauge(headDesc, float64(s.Head))
	gauge(lagDesc, float64(s.Lag.Events))
	behind := s.Lag.Behind.Seconds()
	if s.Lag.Unknown {
		behind = math.Inf(1)
	}
	gauge(behindDesc, behind)
	gauge(stoppedDesc, oneIf(s.State == Stopped))
	for _, state := range States() {
		gauge(stateDesc, oneIf(s.State == state), string(state))
	}
	for _, c := range m.metrics.counters() {
		c.Collect(to)
	}
}

func (m *metrics) counters() []prometheus.Collector {
	return []prometheus.Collector{m.batches, m.events, m.retries, m.rows, m.insert}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
