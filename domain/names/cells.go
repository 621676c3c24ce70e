package names

import (
	"fmt"
	"strings"
	"time"
)

// Cell is what a cell of the service table (§5.4) is called: promptly is 及时, 2/week
// is 每周 2 次, 24h is 24小时. A text that is no such cell stays as it is.
func Cell(text string) string {
	var n int
	count, per, isQuota := strings.Cut(text, "/")
	switch period, known := All()["policy.Period"][per]; {
	case text == "none":
		return "无"
	case text == "promptly":
		return "及时"
	case isQuota && known:
		return fmt.Sprintf("每%s %s 次", period, count)
	}
	if _, err := fmt.Sscanf(text, "%d months", &n); err == nil && text == fmt.Sprintf("%d months", n) {
		return fmt.Sprintf("%d 个月", n)
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return inUnits(d, spanUnits[1:])
	}
	return text
}

// Span is a time that something took, such as 1天2小时5分; nothing is an empty text.
func Span(d time.Duration) string { return inUnits(d.Round(time.Second), spanUnits) }

type spanUnit struct {
	name string
	of   time.Duration
}

var spanUnits = []spanUnit{{"天", 24 * time.Hour}, {"小时", time.Hour}, {"分", time.Minute}, {"秒", time.Second}}

func inUnits(d time.Duration, units []spanUnit) (text string) {
	for _, u := range units {
		if n := d / u.of; n > 0 {
			text += fmt.Sprint(int64(n)) + u.name
			d -= n * u.of
		}
	}
	return text
}
