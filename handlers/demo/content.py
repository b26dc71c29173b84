"""Who and what the demo plant consists of; data only."""

from __future__ import annotations

PLANT = ("KANGGU", "康固骨科器械有限公司", "Kanggu Orthopaedics")

# code, kind, zh, en
PARTNERS = (
    ("JINGGONG", "supplier", "精工机加工厂", "Jinggong Machining"),
    ("CHENGUANG", "supplier", "晨光表面涂层", "Chenguang Coating"),
    ("ANMIE", "supplier", "安灭环氧乙烷灭菌", "Anmie Sterilisation"),
    ("JINGCE", "laboratory", "精测医疗检测", "Jingce Test Laboratory"),
    ("SUDA", "carrier", "速达医药物流", "Suda Medical Logistics"),
)

PIN = "204816"
"""The PIN of everybody in the demo; real people choose their own where they enrol."""

# key, organisation code, printed name, roles, language
PEOPLE = (
    ("operator", "KANGGU", "张伟", ("operator",), "zh_CN"),
    ("responsible", "KANGGU", "王芳", ("responsible",), "zh_CN"),
    ("engineer", "KANGGU", "陈静", ("responsible",), "zh_CN"),
    ("supervisor", "KANGGU", "李强", ("supervisor",), "zh_CN"),
    ("manager", "KANGGU", "刘洋", ("manager",), "zh_CN"),
    ("manager2", "KANGGU", "赵敏", ("manager",), "zh_CN"),
    ("site_head", "KANGGU", "孙磊", ("site_head",), "zh_CN"),
    ("auditor", "KANGGU", "周洁", ("auditor",), "zh_CN"),
    ("admin", "KANGGU", "吴昊", ("administrator",), "zh_CN"),
    ("admin2", "KANGGU", "林涛", ("administrator",), "zh_CN"),
    ("machinist", "JINGGONG", "高翔", ("operator",), "zh_CN"),
    ("coater", "CHENGUANG", "何军", ("operator",), "zh_CN"),
    ("supplier", "CHENGUANG", "郑丽", ("supplier",), "zh_CN"),
    ("steriliser", "ANMIE", "马超", ("supplier",), "zh_CN"),
    ("laboratory", "JINGCE", "许晨", ("laboratory",), "zh_CN"),
    ("carrier", "SUDA", "冯涛", ("carrier",), "zh_CN"),
)

TIERS = ((1, "responsible"), (2, "supervisor"), (3, "manager"), (4, "site_head"))

# code, zh, en, unit, sterile, implant, label critical
PRODUCTS = (
    ("BAR-TI64", "TC4 钛合金棒", "TC4 titanium bar", "kg", False, True, False),
    ("SCREW-27", "骨螺钉 2.7 mm", "Bone screw 2.7 mm", "pcs", False, True, False),
    ("SCREW-35", "骨螺钉 3.5 mm", "Bone screw 3.5 mm", "pcs", False, True, False),
    ("SCREW-35S", "无菌骨螺钉 3.5 mm", "Sterile bone screw 3.5 mm", "pcs", True, True, True),
    ("SCREW-27S", "无菌骨螺钉 2.7 mm", "Sterile bone screw 2.7 mm", "pcs", True, True, True),
)

SIGNS_IN = ("operator", "coater", "responsible", "manager", "supplier", "auditor", "admin")
"""Who gets a printed sign-in link, in the order of the story."""

ADMIN_PAGE = frozenset({"auditor", "admin", "manager", "responsible"})
