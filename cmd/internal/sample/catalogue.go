package sample

import (
	"fmt"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

// device is a part or device model of the catalogue. All makers are invented.
type device struct {
	part      domain.PartCode
	name      string
	maker     string // empty: consumed, not repaired
	cost      int64  // fen a unit, on average
	lot       int64  // units bought at a time
	share     int    // of faults, in percent
	outdoor   bool   // exposed to lightning
	symptoms  []string
	inService string // what a center asks for when it wants one more
}

var devices = []device{
	{"VI-07A", "可视对讲室内机 VI-07A", "安居视讯", 38600, 6, 22, false, []string{"屏幕无显示", "通话无声", "按键失灵", "呼叫无反应"}, "ADD-VI"},
	{"DS-10B", "单元门口机 DS-10B", "安居视讯", 78000, 3, 11, true, []string{"刷卡不开门", "摄像头黑屏", "呼叫不通", "键盘进水"}, ""},
	{"IR-60C", "红外对射 IR-60C", "天盾电子", 16550, 8, 12, true, []string{"误报频繁", "无报警输出", "支架松动", "进水短路"}, ""},
	{"CAM-2M", "枪式摄像机 CAM-2M", "明瞳安防", 26000, 8, 18, true, []string{"无图像", "夜视模糊", "画面抖动", "镜头起雾"}, "ADD-CAM"},
	{"RD-EM1", "门禁读卡器 RD-EM1", "通立门禁", 11850, 8, 12, true, []string{"刷卡无反应", "误读", "外壳破裂"}, "ADD-RD"},
	{"PS-12V", "电源 PS-12V5A", "", 4680, 12, 11, false, []string{"无输出", "电压偏低", "烧毁"}, ""},
	{"NVR-16", "硬盘录像机 NVR-16", "明瞳安防", 168000, 2, 4, false, []string{"不录像", "硬盘报错", "死机"}, ""},
	{"HD-4T", "监控硬盘 4TB", "", 59900, 3, 4, false, []string{"坏道", "不识别"}, ""},
	{"ML-280", "磁力锁 ML-280", "通立门禁", 13200, 6, 4, false, []string{"吸力不足", "不上锁"}, ""},
	{"CB-RVV", "线缆 RVV4×0.5", "", 215, 305, 2, false, []string{"线路老化断线", "鼠咬断线"}, ""},
}

// cable is sold and issued by the metre.
const cable = domain.PartCode("CB-RVV")

var (
	services = money.Tax{Rate: decimal.RequireFromString("0.06")}
	goods    = money.Tax{Rate: decimal.RequireFromString("0.13")}
)

// priceList returns the items of the year's first or second version.
func priceList(second bool) []pricelist.Item {
	item := func(code, name string, kind pricelist.ServiceKind, unit, price, later string, tax money.Tax) pricelist.Item {
		if second {
			price = later
		}
		return pricelist.Item{
			Code: code, Name: name, Kind: kind, Unit: unit, Price: decimal.RequireFromString(price), Tax: tax,
		}
	}
	items := []pricelist.Item{
		item("ADD-VI", "加装可视对讲室内机", pricelist.Add, "台", "580.00", "598.00", goods),
		item("ADD-CAM", "加装摄像机", pricelist.Add, "台", "460.00", "460.00", goods),
		item("ADD-RD", "加装读卡器", pricelist.Add, "台", "320.00", "335.00", goods),
		item("MOV-VI", "室内机移位", pricelist.Move, "次", "150.00", "180.00", services),
		item("MOV-RD", "读卡器移位", pricelist.Move, "次", "120.00", "130.00", services),
		item("ACT-VI", "对讲开通", pricelist.Activation, "户", "50.00", "50.00", services),
		item("ACT-CARD", "门禁卡开通", pricelist.Activation, "张", "15.00", "18.00", services),
		item("CABLE", "线缆", pricelist.Part, "米", "3.125", "3.375", goods),
		item("REPAIR", "设备维修", pricelist.Repair, "次", "120.00", "135.00", services),
		item("LABOUR", "人工费", pricelist.Labour, "小时", "80.00", "85.00", services),
		item("TRAVEL", "差旅费", pricelist.Travel, "次", "302.50", "302.50", money.Tax{Rate: services.Rate, Excluded: true}),
	}
	for _, d := range devices {
		if d.part == cable {
			continue
		}
		sale := func(percent int64) string { return decimal.New(d.cost*percent/1000*10, -2).StringFixed(2) }
		items = append(items, item("P-"+string(d.part), "更换"+d.name, pricelist.Part, "件", sale(135), sale(140), goods))
	}
	return items
}

// wishes are the items that a center orders without a fault.
var wishes = []string{
	"MOV-VI", "MOV-VI", "MOV-RD", "ACT-VI", "ACT-CARD", "ACT-CARD", "ADD-VI", "ADD-CAM", "ADD-RD", "CABLE",
}

type city struct{ region, name string }

// cities, four to a region.
var cities = []city{
	{"华东", "上海"}, {"华东", "苏州"}, {"华东", "杭州"}, {"华东", "南京"},
	{"华南", "广州"}, {"华南", "深圳"}, {"华南", "佛山"}, {"华南", "东莞"},
	{"西南", "成都"}, {"西南", "重庆"}, {"西南", "昆明"}, {"西南", "贵阳"},
}

var (
	estateFirst = []string{
		"翠湖", "金桂", "云山", "锦江", "滨河", "望江", "碧水", "紫薇", "枫林", "东湖", "南苑", "银杏", "海棠", "朗悦", "星河", "麓山", "玉兰", "澜岸", "听松",
		"鹿鸣", "春晓", "和风", "临溪", "观澜",
	}
	estateSecond = []string{"花园", "雅苑", "名邸", "华府", "嘉园", "新城", "公馆", "家园", "广场", "庭院", "佳苑", "国际"}
	numerals     = []string{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"}
	surnames     = []string{
		"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "林", "郭", "何", "高", "罗", "郑", "梁", "谢",
		"宋", "唐", "许", "邓", "韩", "冯", "曹",
	}
	givenNames = []string{
		"伟", "芳", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "建国", "志强",
		"海燕", "晓东", "文静", "雪梅", "国华", "丽萍", "俊", "鹏",
	}
)

// estate names the i-th estate; no two are alike below 2,880.
func estate(i int) string {
	n := len(estateFirst) * len(estateSecond)
	name := estateFirst[i%len(estateFirst)] + estateSecond[i/len(estateFirst)%len(estateSecond)]
	if zone := i / n; zone > 0 {
		name += fmt.Sprintf("%s区", numerals[zone%len(numerals)])
	}
	return name
}

// season weighs the needs of each month; its mean is 1: quiet at the Spring
// Festival, busy in the thunderstorms of summer.
var season = [12]float64{0.75, 0.60, 0.90, 1.00, 1.05, 1.25, 1.45, 1.40, 1.10, 0.95, 0.80, 0.75}

// causes of a fault by month (0 is January), weighed in per mille.
func causeWeights(month int, region string, outdoor bool) []weighted[policy.Cause] {
	w := []weighted[policy.Cause]{
		{policy.Wear, 770}, {policy.HumanDamage, 110}, {policy.Unknown, 70}, {policy.OtherForce, 5}, {policy.Lightning, 5}, {policy.Typhoon, 0},
	}
	if summer := month >= 5 && month <= 7; summer && outdoor {
		w[4].weight = 190
	}
	if stormy := month >= 6 && month <= 8; stormy && region == "华南" {
		w[5].weight = 90
	}
	return w
}
