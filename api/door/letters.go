package door

import (
	"context"
	"fmt"
	"time"

	"aftersales-ledger/domain/calendar"
)

// Letter is a mail to one person, with something in it that is for them alone: it is
// kept nowhere.
type Letter struct {
	To, Subject, Body string
}

// Post sends letters.
type Post interface {
	// Deliver returns when the letter has left.
	Deliver(ctx context.Context, l Letter) error
}

// until is a moment as people read it in a letter.
func until(t time.Time) string { return t.In(calendar.Shanghai).Format("2006-01-02 15:04") }

func codeLetter(l link, plain string, end time.Time) Letter {
	statement := ownerOfLinks(l.Center, l.Quarter)
	return Letter{l.Mail, "对账单 " + statement + " 验证码", fmt.Sprintf(`答复对账单 %s 的验证码：

    %s

%s 前有效，只能用一次。请在打开对账单的页面中输入；不要告诉任何人，我方人员也不会向您索取。
如果不是您在答复对账单，请联系我方区域行政，撤销答复链接。

Code to answer statement %[1]s: %[2]s
Good once, until %[3]s. Enter it on the page of the statement and tell it to nobody. If it was not you
who asked for it, tell the regional admin, who revokes the link.
`, statement, plain, until(end))}
}
