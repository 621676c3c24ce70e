package ledger_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
)

const linesOfABatch = 40

// batchNumber is a day's batch of charges; its number is in that of each charge.
func batchNumber(n int) (c ledger.ChargeBatch) {
	c.Center = "C01"
	for i := range linesOfABatch {
		c.Lines = append(c.Lines, ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
			Charge: domain.ChargeID(fmt.Sprintf("F%d-%d", n, i)), Center: "C01", Project: "P001",
			Quantity: decimal.NewFromInt(int64(1 + i)), OccurredOn: today,
		}})
	}
	return c
}

// TestABatchIsAllOrNoneThroughACrash kills the process in the middle of its batches:
// the log then holds every line of a batch or none of them, and all that was
// acknowledged; the same requests complete the rest.
func TestABatchIsAllOrNoneThroughACrash(t *testing.T) {
	if path := os.Getenv("LEDGER_TEST_BATCHES"); path != "" { // this is the process that is killed
		d := departmentIn(t, path)
		for n := 0; ; n++ {
			c := batchNumber(n)
			_, faults, err := d.AccrueCharges(t.Context(), request(fmt.Sprint("batch-", n)), c, make([]error, len(c.Lines)))
			if faults != nil || err != nil {
				t.Fatal(faults, err)
			}
			fmt.Println("acknowledged", n)
		}
	}
	path := filepath.Join(t.TempDir(), "log.sqlite")
	for round := 1; round <= 3; round++ {
		acknowledged := killedInABatch(t, path, 7*round)
		store, err := sqlite.Open(path, sqlite.Options{})
		if err != nil {
			t.Fatal(err)
		}
		held := make(map[string]int)
		for rec, err := range store.ReadStream(t.Context(), account.Stream("C01"), 0, eventstore.Forwards) {
			if err != nil {
				t.Fatal(err)
			}
			e, _, err := eventstore.Trade.DecodeRecorded(rec)
			if err != nil {
				t.Fatal(err)
			}
			if c, ok := e.(account.ChargeAccrued); ok {
				batch, _, _ := strings.Cut(string(c.Charge), "-")
				held[batch]++
			}
		}
		for batch, n := range held {
			if n != linesOfABatch {
				t.Errorf("round %d: %d of %d lines of batch %s are there", round, n, linesOfABatch, batch)
			}
		}
		for n := range acknowledged {
			if held[fmt.Sprint("F", n)] == 0 {
				t.Errorf("round %d: batch %d was acknowledged and is not there", round, n)
			}
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// departmentIn is the department of a log in a file.
func departmentIn(t *testing.T, path string) *department {
	store, err := sqlite.Open(path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return departmentOn(t, store)
}

// killedInABatch lets a process record batches, kills it while it is at the one after
// the last of so many, and returns how many it had acknowledged.
func killedInABatch(t *testing.T, path string, batches int) (acknowledged int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestABatchIsAllOrNoneThroughACrash$")
	cmd.Env = append(os.Environ(), "LEDGER_TEST_BATCHES="+path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.HasPrefix(lines.Text(), "acknowledged ") {
			if acknowledged++; acknowledged == batches {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	_ = cmd.Wait() // it was killed
	if acknowledged < batches {
		t.Fatalf("the process ended by itself:\n%s", said)
	}
	return acknowledged
}
