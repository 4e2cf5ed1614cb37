"""Destroying personal data: the head's, with a reason, meant twice, and nothing of the record breaks."""

import pytest

from yifa.ledger.verify import verify

pytestmark = pytest.mark.usefixtures("committed")
TOLD = {"reason": "保存期满，经主任批准", "sure": "销毁"}


def test_it_is_the_heads_to_do(application, clerk):
    done = application()
    assert clerk.get(f"/desk/case/{done.case}/erase/").status_code == 403
    assert clerk.post(f"/desk/case/{done.case}/erase/", TOLD).status_code == 403
    assert "销毁个人信息" not in clerk.get(f"/desk/case/{done.case}/").content.decode()


def test_it_needs_a_reason_and_the_word(application, head):
    done = application()
    answer = head.post(f"/desk/case/{done.case}/erase/", {"reason": "", "sure": "好"})
    assert answer.status_code == 422
    assert "请写明销毁的理由" in answer.content.decode()
    assert "王某甲" in head.get(f"/desk/case/{done.case}/").content.decode()


def test_afterwards_nobody_reads_the_person_and_everything_still_verifies(application, head):
    done = application()
    address = f"/desk/case/{done.case}/"
    assert head.post(f"{address}erase/", TOLD).status_code == 302
    page = head.get(address).content.decode()
    assert "王某甲" not in page
    assert "411523199001010011" not in page
    assert "本案的个人信息已经依法销毁" in page
    assert "保存期满" in page or "销毁个人信息" in page
    assert head.get(f"{address}paper/{done.entry}/").status_code == 404
    assert head.get(f"{address}erase/").status_code == 403
    assert verify().ok
