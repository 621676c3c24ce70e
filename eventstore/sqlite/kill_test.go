package sqlite

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// childRole makes the test binary play a part of its own in another process.
const childRole = "SQLITE_TEST_CHILD"

func TestMain(m *testing.M) {
	path := os.Getenv("SQLITE_TEST_FILE")
	switch os.Getenv(childRole) {
	case "writer":
		childWriter(path)
	case "limited":
		childLimited(path)
	default:
		os.Exit(m.Run())
	}
}

func child(ctx context.Context, t *testing.T, role, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), childRole+"="+role, "SQLITE_TEST_FILE="+path)
	cmd.Stderr = os.Stderr
	return cmd
}

func fatal(args ...any) {
	fmt.Fprintln(os.Stderr, args...)
	os.Exit(1)
}

// childWriter appends from many goroutines until it is killed and prints the
// ID of every event once it was acknowledged.
func childWriter(path string) {
	s, err := Open(path, Options{})
	if err != nil {
		fatal(err)
	}
	var mu sync.Mutex
	for w := range 8 {
		go func() {
			stream := fmt.Sprintf("%d-%s", w, uuid.NewString())
			for last := eventstore.NoRevision; ; {
				events := []eventstore.Proposed{benchEvent(), benchEvent()}
				got, err := s.Append(context.Background(), stream, eventstore.At(last), events)
				if err != nil {
					fatal(err)
				}
				last = got.Revision
				mu.Lock()
				fmt.Println(events[0].ID, events[1].ID)
				mu.Unlock()
			}
		}()
	}
	select {}
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	acknowledged := make(map[uuid.UUID]bool)
	rounds := 4
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		killedWriter(t, path, 300+round*571, acknowledged)

		s := mustOpen(t, path, Options{})
		found, revisions := 0, make(map[string]eventstore.Revision)
		for _, e := range readAll(t, s) { // checks that positions are gap-free
			if e.Revision != revisions[e.Stream] {
				t.Fatalf("stream %q: revision %d where %d was due", e.Stream, e.Revision, revisions[e.Stream])
			}
			revisions[e.Stream]++
			if acknowledged[e.ID] {
				found++
			}
		}
		for stream, n := range revisions {
			if n%2 != 0 {
				t.Errorf("stream %q holds half an append", stream)
			}
		}
		if found != len(acknowledged) {
			t.Fatalf("round %d: %d of %d acknowledged events are there", round, found, len(acknowledged))
		}
		must(t, s.Close())
	}
}

// killedWriter lets a child write, kills it in full swing after some lines and
// collects what it acknowledged.
func killedWriter(t *testing.T, path string, lines int, acknowledged map[uuid.UUID]bool) {
	t.Helper()
	cmd := child(t.Context(), t, "writer", path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	scanner := bufio.NewScanner(out)
	for n := 0; scanner.Scan(); n++ {
		ids := strings.Fields(scanner.Text())
		if len(ids) != 2 {
			break // the line it was killed in
		}
		for _, id := range ids {
			parsed, err := uuid.Parse(id)
			if err != nil {
				break
			}
			acknowledged[parsed] = true
		}
		if n == lines {
			if _, err := Open(path,
				Options{}); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("process %d", cmd.Process.Pid)) {
				t.Errorf("opening the file of a running process: %v", err)
			}
			must(t, cmd.Process.Kill())
		}
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the writer ended with %v", err)
	}
}

// childLimited meets a real failure of write(2), in the middle of a commit: the
// kernel refuses to let any file of this process grow. Root is refused as well.
func childLimited(path string) {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path, Options{})
	if err != nil {
		fatal(err)
	}
	var none syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &none); err != nil {
		fatal(err)
	}
	limit := func(bytes uint64) {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: none.Max}); err != nil {
			fatal(err)
		}
	}
	limit(2 << 20)
	last, refused := eventstore.NoRevision, benchEvent()
	for err == nil {
		var got eventstore.Appended
		refused = benchEvent()
		if got, err = s.Append(context.Background(), "a", eventstore.At(last), []eventstore.Proposed{refused}); err == nil {
			last = got.Revision
		}
	}
	if !errors.Is(err, eventstore.ErrUnavailable) {
		fatal("append beyond the limit:", err)
	}
	if head, err := s.Head(context.Background()); err != nil || int(head) != int(last)+1 {
		fatal("head beyond the limit:", head, err)
	}
	limit(none.Cur)
	got, err := s.Append(context.Background(), "a", eventstore.At(last), []eventstore.Proposed{refused})
	if err != nil || got.Repeated || got.Revision != last+1 {
		fatal("append after the limit was lifted:", got, err)
	}
	if err := s.Close(); err != nil {
		fatal(err)
	}
	fmt.Println(got.Position)
}

func TestFailedWriteRecovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	out, err := child(t.Context(), t, "limited", path).Output()
	must(t, err)
	if got := len(readAll(t, mustOpen(t, path, Options{}))); fmt.Sprintln(got) != string(out) || got < 100 {
		t.Fatalf("the log holds %d events, %s were acknowledged", got, out)
	}
}
