package doctor

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"aftersales-ledger/api"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/settings"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/chdb"
)

// running asks the server, if one runs: it holds the embedded engines, and knows
// how they are.
func (e *examination) running(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	address := e.address()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/readyz", nil)
	if err != nil {
		e.ill(Bad, "server", "%s is no address to serve on: %v", e.Listen,
			err).treat("set --listen to an address such as 127.0.0.1:8080")
		return false
	}
	client := e.HTTP
	if client == nil {
		// Whether it runs is asked; its certificate is looked at in its file.
		client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
	}
	resp, err := client.Do(r)
	if err != nil {
		e.good("server", "no server answers at %s; the engines are looked at directly", address)
		return false
	}
	defer resp.Body.Close()
	var health api.HealthBody
	if err := json.NewDecoder(resp.Body).Decode(&health); err != nil || health.Status == "" {
		e.ill(Bad, "server", "what answers at %s is no ledger", address).
			treat("stop what listens there, or serve on another address with --listen")
		return false
	}
	e.good("server", "a server of version %s answers at %s", health.Version, address)
	if health.Commands.Taken {
		e.good("log", "the event log takes commands")
	} else {
		e.ill(Bad, "log", "no commands are taken since %s: %s", health.Commands.Since, health.Commands.Reason).
			treat("see to the event log; commands go on by themselves when it is back")
	}
	for _, cut := range health.Streams {
		e.ill(Bad, "log", "an operator of the event log took events of stream %s away: %s", cut.Stream, cut.What).
			treat("undo it on the event log; nothing is recorded on the stream until then")
	}
	e.lag(health)
	if n := health.Notices; n != nil && n.State == "waiting" {
		e.ill(Warn, "notices", "notices wait: %s", n.Reason).treat("see to the cause; they go out by themselves then")
	} else if n != nil && n.Held > 0 {
		e.ill(Warn, "notices", "%d events wait for an address to tell somebody of them", n.Held).
			treat("add who holds the role to the address book; 'ledger query notices --status AWAITS_ADDRESS' lists them")
	} else if n != nil {
		e.good("notices", "notices are sent by %s, up to position %d", n.Channel, n.Position)
	}
	return true
}

// mostLag is how far figures may be behind, in log positions, before somebody
// should ask why.
const mostLag = 10_000

func (e *examination) lag(health api.HealthBody) {
	switch m := health.ReadModel; {
	case m.State == string(projections.Stopped):
		e.ill(Bad, "read-models", "the figures have stopped at position %d: %s", m.Position, m.Reason).
			treat("mend the cause and restart the server; 'ledger rebuild' fills them anew from the log")
	case m.Reason != "":
		e.ill(Bad, "read-models", "the figures do not keep up since position %d: %s", m.Position, m.Reason).
			treat("see to the ClickHouse; the figures go on by themselves when it is back")
	case m.LagEvents > mostLag:
		e.ill(Warn, "read-models", "the figures are %d positions behind the log (%s)", m.LagEvents, m.State).
			treat("wait if they are being filled; else the ClickHouse is too slow for what is recorded")
	default:
		e.good("read-models", "the figures show everything up to position %d (%s)", m.Position, m.State)
	}
}

// address is where the server is asked from its own machine.
func (e *examination) address() string {
	scheme := "http://"
	if e.Network.TLSCert != "" || len(e.Network.ACMEDomain) > 0 {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(e.Listen)
	if err != nil {
		return scheme + e.Listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + net.JoinHostPort(host, port)
}

// log opens the event log as the server would, where there is one.
func (e *examination) log(ctx context.Context, believed bool) {
	config := e.Config
	if !strings.Contains(config.Log, "://") {
		if _, err := os.Stat(config.Log); err != nil {
			e.ill(Warn, "log", "there is no event log at %s yet", config.Log).
				treat("it is made by the first 'ledger serve'; if the ledger is elsewhere, name it with --log")
			return
		}
	}
	shown := settings.Masked(config.Log)
	l, store, err := app.OpenLedger(ctx, config)
	if err != nil {
		e.ill(Bad, "log", "the event log %s or the attachments cannot be opened: %v", shown, err).
			treat("see that it runs and that this machine reaches it; a log that another process holds is examined through its server")
		return
	}
	defer func() { _ = store.Close() }()
	if err := store.Probe(ctx); err != nil {
		e.ill(Bad, "log", "the event log %s takes no commands: %v", shown, err).treat("see to the event log")
		return
	}
	head, err := store.Head(ctx)
	if err != nil {
		e.ill(Bad, "log", "the event log %s cannot be read: %v", shown, err).treat("see to the event log")
		return
	}
	e.good("log", "the event log %s takes commands; its last position is %d", shown, head)
	e.mapping(ctx, l)
	if head == 0 || !believed {
		return
	}
	last, err := store.EventAt(ctx, head)
	if ahead := last.RecordedAt.Sub(e.Machine.Now()); err == nil && ahead > mostOff {
		e.ill(Bad, "clock", "the last event was recorded %s in the future of this machine's clock",
			ahead.Round(time.Second)).
			treat("compare the clocks of the machines that serve this ledger: one of them is wrong")
	}
}

// readModels sees that there is an engine for them.
func (e *examination) readModels() {
	dsn := e.Config.ReadModels
	if strings.HasPrefix(dsn, "embedded:") {
		if path, err := chdb.Locate(); err != nil {
			e.ill(Bad, "read-models", "the embedded ClickHouse engine is not installed: %v", err).
				treat("fetch it with 'ledger engine install', or name a library in LEDGER_CHDB_LIB")
		} else {
			e.good("read-models", "the embedded ClickHouse engine is %s", path)
		}
		return
	}
	shown := settings.Masked(dsn)
	if err := projections.CheckServer(dsn); err != nil {
		e.ill(Bad, "read-models", "the ClickHouse %s does not serve: %v", shown, err).
			treat("see that it runs, that this machine reaches it, that user and password are right, and that it is new enough")
		return
	}
	e.good("read-models", "the ClickHouse %s answers and is new enough", shown)
}
