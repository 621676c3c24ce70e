package eventstore

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
)

// noticeExamples are the events of notices and their delivery.
func noticeExamples() []domain.Event {
	matter := notice.Matter{
		Notice: "3f1c9a2be07d4455a1b2c3d4", Kind: "STATEMENT_ISSUED", Clause: "5.3.4",
		Cause: notice.Origin{Event: "6f1d7a36-6a0c-5c4e-9a52-0d3cf7a2c1b4", Position: 812, Type: "StatementIssued"},
		Place: notice.Place{Project: "P001", Center: "C01", City: "杭州", Region: "华东"},
	}
	return []domain.Event{
		notice.NoticeSent{
			Matter: matter, Copy: 2,
			To: []notice.Addressee{
				{Role: domain.CenterHead, Scope: notice.Center, Of: "C01", Addresses: []string{"head@c01.example"}},
			},
			Cc: []notice.Addressee{
				{Role: domain.RegionalAdmin, Scope: notice.Region, Of: "华东", Addresses: []string{"east@dept.example", "second@dept.example"}},
			},
			Subject: "对账单", Body: "请核对\n", MessageID: "3f1c9a2be07d4455a1b2c3d4.2@dept.example", Channel: notice.SMTP,
			Refused: []notice.RefusedAddress{{Address: "second@dept.example", Reason: "550 no such user"}},
			At:      at("2026-07-08T09:00:00.5+08:00"),
		},
		notice.NoticeUndeliverable{
			Matter: matter, To: []notice.Recipient{{Role: domain.CenterHead, Scope: notice.Center}},
			Cc: []notice.Recipient{{Role: domain.RegionalAdmin, Scope: notice.Region}}, Subject: "对账单", Reason: notice.NoAddress,
			Detail: "add center-head with center C01 to the address book", Attempts: 1, Since: at("2026-07-08T09:00:00+08:00"),
			Outlook: notice.AwaitsAddress, At: at("2026-07-08T09:00:01+08:00"),
		},
		notice.NoticeResendRequested{Matter: matter, Reason: "中心称未收到", At: at("2026-07-09T10:00:00+08:00"), By: "qian"},
		notice.NoticesStarted{From: 800, At: at("2026-07-01T08:00:00+08:00")},
	}
}
