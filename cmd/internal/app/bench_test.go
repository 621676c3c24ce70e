package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore/ledger"
)

const benchClients = 32

// BenchmarkCommand accrues charges over HTTP on loopback, each durable before
// it is answered, from 32 clients that wait for each answer; the projector
// runs meanwhile. Clients and server share the machine.
func BenchmarkCommand(b *testing.B) {
	b.Run("accounts=200", func(b *testing.B) { benchCommands(b, 200, nil) })
	b.Run("accounts=1", func(b *testing.B) { benchCommands(b, 1, nil) })
}

// BenchmarkDoor holds commands of people who are let in, by tokens, grants and scopes
// that are looked up, against the same commands where a map of tokens says all.
func BenchmarkDoor(b *testing.B) {
	b.Run("shut", func(b *testing.B) { benchCommands(b, 200, nil) })
	b.Run("open", func(b *testing.B) { benchCommands(b, 200, doortest.New(time.Now)) })
}

// benchCommands goes through the ledger's own door, or through one that holds
// everybody's reach to be the whole company's.
func benchCommands(b *testing.B, centers int, open *doortest.Door) {
	config := app.Config{Data: b.TempDir()}
	if open != nil {
		config.Door = open
	}
	a, err := app.Open(b.Context(), config)
	if err != nil {
		b.Fatal(err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(b.Context()))
	done := make(chan error, 1)
	go func() { done <- a.Run(running) }()
	server := httptest.NewServer(a.Handler)
	defer func() {
		server.Close()
		stop()
		if err := <-done; err != nil {
			b.Error(err)
		}
		if err := a.Close(); err != nil {
			b.Error(err)
		}
	}()
	openCenters(b, a.Ledger, centers)
	token := ""
	if open == nil {
		token = tokenOfUser(b, a, "bench", domain.RegionalAdmin)
	} else {
		token = open.Token(domain.Actor{Name: "bench", Role: domain.RegionalAdmin}, time.Hour)
	}
	cl := &client.Client{
		Base: server.URL, Token: token, HTTP: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: benchClients}},
	}

	var next atomic.Int64
	latencies := make([][]time.Duration, benchClients)
	b.ResetTimer()
	var group sync.WaitGroup
	for c := range benchClients {
		group.Go(func() {
			for {
				n := int(next.Add(1))
				if n > b.N {
					return
				}
				start := time.Now()
				body := fmt.Sprintf(`{"charge":"SF-%07d","project":"P%04d","room":"3-1-1202","item":"MOVE-01","quantity":"2","occurredOn":"2026-01-15"}`, n, n%centers)
				resp, err := cl.Do(b.Context(), client.Request{
					Method: http.MethodPost, Path: fmt.Sprintf("/v1/centers/C%04d/charges", n%centers), Key: fmt.Sprint("charge ", n),
					Body: []byte(body),
				})
				if err != nil || resp.Status != http.StatusCreated {
					b.Errorf("charge %d: %v %d %s", n, err, resp.Status, resp.Body)
					return
				}
				latencies[c] = append(latencies[c], time.Since(start))
			}
		})
	}
	group.Wait()
	b.StopTimer()
	all := slices.Sorted(slices.Values(slices.Concat(latencies...)))
	if len(all) == 0 {
		return
	}
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "commands/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(residentMB(), "resident-MB")
}

// residentMB is the resident memory of this process, in megabytes; zero where
// the system does not tell.
func residentMB() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}

func openCenters(b *testing.B, l *ledger.Ledger, n int) {
	ctx := b.Context()
	request := func(key string) ledger.Request {
		return ledger.Request{Key: key, Actor: domain.Actor{Name: "bench", Role: domain.RegionalAdmin}}
	}
	must := func(_ any, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(ledger.Do(ctx, l, request("prices"), pricelist.Publish{
		Version: "2026-01", EffectiveFrom: calendar.NewDate(2026, time.January, 1),
		Items: []pricelist.Item{{
			Code: "MOVE-01", Name: "可视对讲移位", Kind: pricelist.Move, Unit: "台", Price: decimal.RequireFromString("150"),
			Tax: money.Tax{Rate: decimal.RequireFromString("0.06")},
		}},
	}, ledger.Dateless((*pricelist.List).Publish)))
	for i := range n {
		center, id := domain.CenterID(fmt.Sprintf("C%04d", i)), domain.ProjectID(fmt.Sprintf("P%04d", i))
		must(ledger.Do(ctx, l, request(string(center)), account.Open{
			Center: center, Name: "物业服务中心", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, (*account.Account).Open))
		from := calendar.NewDate(2024, time.September, 1)
		must(l.RegisterProject(ctx, request(string(id)), project.Register{
			Project: id, Name: "花园", Region: "华东", City: "杭州", Center: center, From: from, Presence: policy.OnProject,
			Warranty: project.Warranty{AcceptanceOn: from, StartsFrom: project.FromAcceptance, Months: 24},
		}))
	}
}
