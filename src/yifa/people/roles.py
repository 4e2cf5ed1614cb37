"""In what capacity a person acts. Few on purpose: a post says what more it may do by its office and scope."""

from yifa.procedure.words import Role

APPLICANT = Role("applicant", "申请人")
CLERK = Role("clerk", "经办人")
HEAD = Role("head", "机构负责人")
LAW = Role("law", "法律规定")
THIRD_PARTY = Role("third_party", "第三方")
SYSTEM = Role("system", "系统自动")  # held by no post: steps that only another step brings

ROLES = {role.key: role for role in (APPLICANT, CLERK, HEAD, LAW, THIRD_PARTY)}
