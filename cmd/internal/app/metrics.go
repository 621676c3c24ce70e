package app

import (
	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/eventstore"
)

// logGauge tells those who watch the service that its event log takes no appends.
func logGauge(log *eventstore.Watched) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ledger_log_available",
		Help: "1 while the event log is there, takes appends and is the one that was seen before.",
	}, func() float64 {
		if log.Health().Good() {
			return 1
		}
		return 0
	})
}

// cutsGauge tells them how many streams an operator of the log took events of.
func cutsGauge(log *eventstore.Watched) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "ledger_log_cut_streams",
		Help: "Streams of which an operator of the event log took events away; /readyz names them.",
	}, func() float64 { return float64(len(log.Cuts())) })
}
