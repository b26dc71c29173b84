"""The numbers inside buttons. They live in chats for weeks: never reuse or renumber one."""

from __future__ import annotations

from enum import IntEnum


class Action(IntEnum):
    """What a tap asks for."""

    DIALOGUE = 1
    """An answer inside a running dialogue; the object is the draft."""
    HOME = 2
    REPORT = 3
    TASKS = 4
    TRACE = 5
    MY_REPORTS = 6
    LANGUAGE = 7
    CASE = 8
    """Show the case as it is now."""
    CONTINUE = 9
    ENROL = 10
    ADMIN_DOOR = 11
    SIGN_DROP = 12
    SIGN_AGAIN = 13
    PROPOSAL_SIGN = 14
    DELEGATION_END = 15
    SESSION_END = 16
    NOTIFY = 17
    ACKNOWLEDGE = 20
    REASSIGN = 21
    HELP = 22
    GRADE = 23
    GRADE_AS_PROPOSED = 24
    LOWER_ASK = 25
    LOWER_APPROVE = 26
    HOLD = 27
    IMPACT = 28
    CONTAINED = 29
    REJECT = 30
    CANCEL = 31
    SUPPLEMENT = 32
    DISPOSE = 33
    RAISE = 34
    GRADE_SIGN = 35
    """Sign the grade on record in place of a voided signature."""
    CAPA_OPEN = 40
    CAPA_WAIVE = 41
    CAUSE = 42
    ACTION_ADD = 43
    EFFECT_PLAN = 44
    PLAN_SUBMIT = 45
    PLAN_APPROVE = 46
    PLAN_RETURN = 47
    ACTION_DONE = 48
    IMPLEMENTED = 49
    EFFECT_RESULT = 50
    CAPA_CLOSE = 51
    ACTION_HAND_OVER = 52
    SNOOZE = 53
    """The argument is the place among the ways to put off."""
    GIVE_BACK = 54
    SEEN_TOO = 55
    MORE_TIME = 56
    """The argument is 0 for the present step, else the place of the partner's step."""
    MORE_TIME_GIVE = 57
    MORE_TIME_DECLINE = 58
    PARTNER_ACK = 59
    DUTY = 70
    SWAP = 71
    SWAP_ACCEPT = 72
    SWAP_REFUSE = 73
    AWAY = 74
    HERE = 75
    GENEALOGY_UP = 60
    GENEALOGY_DOWN = 61
    GENEALOGY_BOTH = 62
    WITNESS = 90
    WITNESS_NOW = 91
    """Acknowledge the checkpoint of this size and these first digits of its root."""
    LABEL_HOLD = 92
    """Hold what is affected; the object is lot and photo (see ``dialogues/labelling``)."""
    LABEL_REPORT = 93
    LABEL_LOT = 94
    """One of several lots that a label may mean."""
    STAGES = 120
    STAGE = 121
    STAGE_BEGIN = 122
    STAGE_RECEIVE = 123
    STAGE_OUT = 124
    STAGE_HAND_OVER = 125
    STAGE_FINISH = 126
    HANDOVER_CONFIRM = 127
    SHIP = 128
    SPLIT = 129
    REHEARSAL_END = 130
    TEMPLATES = 131
    TEMPLATE = 132
    """The object is the place of the subject, the argument that of the form."""
    IMPORT_UNDO = 133
    LOT_QUARANTINE = 135
    LOT_CLEAR = 136
    LOT_RELEASE = 137
    LOT_SCRAP = 138
    LEG = 139
    LEG_DEPART = 140
    LEG_ARRIVE = 141
    SAMPLE_SIGN = 142
    TRACE_CSV = 134
    """The argument is the place of the way."""
    SENSORS = 143
    SENSOR = 144
