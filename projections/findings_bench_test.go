package projections_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/parts"
)

// manyPartEvents is a log of about n events: the mix of manyEvents, in projects
// of five regions with as many papers of parts each, where one issue in fifty
// names no line and one old unit in twenty is not handed in.
func manyPartEvents(n int) []facts.Recorded {
	events := projections.ManyEvents(n * 89 / 100)
	add := func(stream string, e domain.Event) {
		last := events[len(events)-1]
		events = append(events, facts.Recorded{
			Position: last.Position + 1, Stream: stream, ID: uuid.New(), RecordedAt: last.RecordedAt.Add(time.Second),
			Actor: "person-1",
			Role:  string(domain.Technician), Event: e,
		})
	}
	for i := range 200 {
		p := domain.ProjectID(fmt.Sprintf("P%03d", i))
		add(project.Stream(p), project.ProjectRegistered{Project: p, Name: "花园", Region: fmt.Sprintf("R%d", i/40)})
		add(project.Stream(p),
			project.CenterAssigned{
				Project: p, Center: domain.CenterID(fmt.Sprintf("C%02d", i%50)), From: projections.Day("2025-01-01"),
			})
		add(depot.Stream(p), depot.PartReceived{
			Project: p, Receipt: domain.SlipID("IN-" + string(p)), Part: "CAM-1", Quantity: decimal.NewFromInt(100_000),
			Value:  projections.Yuan("26000000.00"),
			Source: depot.OpeningStock, ReceivedOn: projections.Day("2025-01-01"),
		})
	}
	one, lines, issues := decimal.NewFromInt(1), 0, 0
	for i := range events[:n*89/100] {
		switch e := events[i].Event.(type) {
		case depot.PartIssued:
			if issues++; issues%50 == 0 {
				e.FaultLine = ""
				events[i].Event = e
			}
		case ticket.FaultRecorded:
			if lines++; lines%20 != 0 {
				add(depot.Stream(e.Project), depot.FaultyUnitHandedIn{
					Project: e.Project, Slip: domain.SlipID("JH-" + string(e.Line)), Part: "CAM-1", Quantity: one,
					Serials:   []string{e.Replacement.OldSerial},
					FaultLine: e.Line, HandedInBy: "赵", HandedInOn: e.RecordedOn,
				})
			}
		}
	}
	return events
}

const benchmarkPartEvents = 1_000_000

// BenchmarkFindings asks for findings on a log of a million events. The baseline
// is what reading the same facts takes, with nothing done about them.
func BenchmarkFindings(b *testing.B) {
	events := manyPartEvents(benchmarkPartEvents)
	m, err := projections.New(projections.Engine, projections.NewSliceSource(events),
		projections.Options{Database: projections.NewDatabase(b)})
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(b.Context())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx) }()
	defer func() {
		stop()
		if err := errors.Join(<-done, m.Close()); err != nil {
			b.Error(err)
		}
	}()
	if err := m.Wait(b.Context(), uint64(len(events))); err != nil {
		b.Fatal(err)
	}
	for _, table := range []string{"fault_lines", "part_movements", "faulty_units", "charges"} {
		// As a ledger that has run for a while has them.
		if err := projections.ConnOf(m).Exec(b.Context(), "OPTIMIZE TABLE "+table+" FINAL"); err != nil {
			b.Fatal(err)
		}
	}
	cut := projections.Cut{Scope: access.Whole(), AsOf: projections.Day("2026-11-30")}
	region := parts.FindingFilter{
		Filter: projections.Filter{Region: "R3"}, From: projections.Day("2026-07-01"), To: projections.Day("2026-07-31"),
	}
	raw := func(everywhere bool) error {
		q, err := m.Ask(cut, projections.Page{}, "raw")
		if err != nil {
			return err
		}
		defer q.Done()
		sites, err := q.Sites(b.Context())
		if err != nil {
			return err
		}
		scope := sites.Narrow(region.Filter)
		if everywhere {
			scope = sites.Narrow(projections.Filter{})
		}
		for _, table := range []string{"fault_lines", "part_movements", "faulty_units"} {
			p := scope.Params().With("from_date",
				projections.IsoDate(projections.FirstDate)).With("to_date", projections.IsoDate(projections.LastDate))
			if err := q.RowsUnmerged(b.Context(), "SELECT * FROM "+table+
				" WHERE {everywhere:Bool} OR project IN {projects:Array(String)}", p,
				func(driver.Rows) error { return nil }); err != nil {
				return err
			}
		}
		return nil
	}
	for _, c := range []struct {
		name string
		ask  func() error
	}{
		{"region-month", func() error {
			_, err := parts.Of(m).AuditFindings(b.Context(), cut, region, projections.Page{})
			return err
		}},
		{"region-raw", func() error { return raw(false) }},
		{"company", func() error {
			_, err := parts.Of(m).AuditFindings(b.Context(), cut, parts.FindingFilter{}, projections.Page{})
			return err
		}},
		{"company-raw", func() error { return raw(true) }},
		{"one", func() error {
			_, err := parts.Of(m).AuditFindings(b.Context(), cut,
				parts.FindingFilter{Filter: projections.Filter{Project: "P003"}}, projections.Page{})
			return err
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := processorTime()
			for b.Loop() {
				if err := c.ask(); err != nil {
					b.Fatal(err)
				}
			}
			// What it cost, however busy the machine was.
			b.ReportMetric(float64((processorTime()-before).Microseconds())/1000/float64(b.N), "cpu-ms")
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
		})
	}
}

// processorTime is what this process has used of all processors; zero where the
// system does not tell.
func processorTime() time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	var ticks time.Duration // of 10 ms
	for _, f := range fields[11:13] {
		n, _ := strconv.Atoi(f)
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond
}
