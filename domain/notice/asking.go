package notice

import (
	"fmt"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Asking is a statement whose answer a notice asks the head of a center for.
type Asking struct {
	Center  domain.CenterID
	Quarter calendar.Quarter
	Version int
	ReplyBy calendar.Date
}

// Ways are how a statement can be answered by whoever reads a letter. On paper it
// always can.
type Ways struct {
	Console string    // address of the console; empty: it is not known
	Link    string    // that opens the statement for the reader alone; empty: none
	Until   time.Time // when the link ends
	// Others says that the heads of the center have a letter with a link of their own.
	Others bool
}

// HowToAnswer says in a letter by which ways it can be answered.
func HowToAnswer(w Ways) Words {
	paper := Words{
		"在所附对账单上逐项注明、盖章，交我方区域行政登记", "mark and stamp the attached statement and give it to our regional admin",
	}
	signIn := Words{"登录 " + w.Console + " 答复", "sign in at " + w.Console}
	switch until := w.Until.In(calendar.Shanghai).Format("2006-01-02 15:04"); {
	case w.Link != "":
		return Words{
			fmt.Sprintf(`
答复链接，只供您本人使用，请勿转发，%s 前有效：
%s
打开后逐项查看、确认或提出异议；提交答复前须输入发到您这个邮箱的验证码。也可以%s。
`, until, w.Link, paper.Chinese),
			fmt.Sprintf(`
Your own link to answer, good until %s; please do not forward it:
%s
It opens the statement line by line; before you answer, a code is sent to this mailbox. You may also %s.
`, until, w.Link, paper.English),
		}
	case w.Console != "" && w.Others:
		return Words{
			"\n答复方式：负责人请用发给本人的邮件中的链接答复，或" + signIn.Chinese + "；也可以" + paper.Chinese + "。\n",
			"\nTo answer: the head of the center uses the link in their own mail, or you " + signIn.English + ", or you " +
				paper.English + ".\n",
		}
	case w.Console != "":
		return Words{
			"\n答复方式：请" + signIn.Chinese + "，或" + paper.Chinese + "。\n",
			"\nTo answer: " + signIn.English + ", or " + paper.English + ".\n",
		}
	}
	return Words{"\n答复方式：请" + paper.Chinese + "。\n", "\nTo answer: " + paper.English + ".\n"}
}
