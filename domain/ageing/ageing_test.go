package ageing_test

import (
	"testing"

	"aftersales-ledger/domain/ageing"
)

func TestUpperBoundsAreInclusive(t *testing.T) {
	for days, want := range map[int]ageing.Bucket{
		-40: ageing.NotDue, 0: ageing.NotDue, 1: ageing.Late1To30, 30: ageing.Late1To30, 31: ageing.Late31To60,
		60: ageing.Late31To60,
		61: ageing.Late61To90, 90: ageing.Late61To90, 91: ageing.Late91To180, 180: ageing.Late91To180,
		181: ageing.Late181To365,
		365: ageing.Late181To365, 366: ageing.LateOver365, 4000: ageing.LateOver365,
	} {
		if got := ageing.Of(days); got != want {
			t.Errorf("%d days late is %q, want %q", days, got, want)
		}
	}
}
