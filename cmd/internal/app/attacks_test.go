package app_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// served is a ledger on a port, behind the edge that the command serves it by.
func served(t *testing.T, a *app.App, b edge.Bounds) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := edge.Server(a.Handler, b, slog.New(slog.DiscardHandler))
	go func() { _ = s.Serve(edge.Listen(l, b)) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

// Sixty people ask for 5,000 events each, 20 MB of them, and take no answer.
// Before answers were bounded, each held 25 MB as long as the connection stood.
func TestWhoAsksForMuchAndNeverReadsHoldsNoMemory(t *testing.T) {
	const (
		readers = 60
		most    = 300 << 20 // bytes that all of them may hold
	)
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	data := fmt.Appendf(nil, `{"note":%q}`, bytes.Repeat([]byte("x"), 4000))
	for part := range 50 {
		events := make([]eventstore.Proposed, 100)
		for i := range events {
			events[i] = eventstore.Proposed{ID: uuid.New(), Type: "Noted", Data: data, Metadata: []byte(`{}`)}
		}
		if _, err := a.Store.Append(t.Context(), fmt.Sprint("notes-", part), eventstore.NoStream(), events); err != nil {
			t.Fatal(err)
		}
	}
	address := served(t, a, edge.Defaults())
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := range readers {
		token := a.Door.OfMachine(domain.Actor{Name: fmt.Sprint("reader-", i), Role: domain.Finance})
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
		fmt.Fprintf(c, "GET /v1/log?limit=5000 HTTP/1.1\r\nHost: ledger\r\nAuthorization: Bearer %s\r\n\r\n", token)
		line, err := bufio.NewReaderSize(c, 16).ReadString('\n') // once it is there, the whole answer is in memory
		if err != nil || line != "HTTP/1.1 200 OK\r\n" {
			t.Fatalf("reader %d is answered %q: %v", i, line, err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d readers who take nothing hold %d MB", readers, held>>20)
	if held > most {
		t.Errorf("%d readers who take nothing hold %d MB", readers, held>>20)
	}
}

// Nobody's body is read, however much they promise, and the refusal says why.
func TestTheBodyOfWhoIsNotSignedInIsNotRead(t *testing.T) {
	a := start(t, app.Config{Data: t.TempDir(), ReadModels: noClickHouse})
	address := served(t, a, edge.Defaults())
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /v1/centers HTTP/1.1\r\nHost: ledger\r\nContent-Length: 1000000\r\n\r\n{")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("answered %s", resp.Status)
	}
	_ = c.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := io.Copy(io.Discard, c); err != nil {
		t.Errorf("the connection is still held: %v", err)
	}
}
