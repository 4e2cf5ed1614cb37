"""The password is never said, and the answer is the one the standards' own examples give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yifa.calls.telephone.digest import Login, challenges

MUFASA = Login("Mufasa", "Circle of Life")
RFC7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ],
)
def test_the_examples_of_rfc_7616(algorithm, response):
    (challenge,) = challenges([RFC7616.format(algorithm)])
    said = MUFASA.answer(
        challenge, "GET", "/dir/index.html", 1, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
    )
    assert f'response="{response}"' in said
    assert f"algorithm={algorithm}" in said
    assert "qop=auth, nc=00000001" in said
    assert 'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"' in said
    assert "Circle" not in said


def test_the_example_of_rfc_2617():
    (challenge,) = challenges(
        ['Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"']
    )
    said = Login("Mufasa", "Circle Of Life").answer(challenge, "GET", "/dir/index.html", 1, "0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in said
    assert "algorithm" not in said, "it was not named"


def test_the_older_form_without_qop():
    """RFC 2069's example, with the response of its errata."""
    (challenge,) = challenges(
        ['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"']
    )
    said = Login("Mufasa", "CircleOfLife").answer(challenge, "GET", "/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in said
    assert "nc=" not in said
    assert "cnonce" not in said


def test_of_several_the_better_is_answered_and_the_unknown_passed_over():
    said = ['Digest realm="x", nonce="1", algorithm=MD5', 'Digest realm="x", nonce="2", algorithm=SHA-256']
    assert [one.algorithm for one in challenges(said)] == ["sha-256", "md5"]
    assert [one.nonce for one in challenges([", ".join(said)])] == ["2", "1"]
    for other in (
        'Digest realm="x", nonce="1", algorithm=SHA-512-256', 'Digest realm="x", nonce="1", qop="auth-int"',
        'Digest realm="x"', 'Basic realm="x"', "", "Digest",
    ):  # fmt: skip
        assert challenges([other]) == []


def test_a_session_hash_takes_the_nonces_in():
    (one,) = challenges(['Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth", stale=TRUE'])
    assert one.stale
    assert "algorithm=MD5-sess" in MUFASA.answer(one, "INVITE", "sip:1@x", 1, "c")
    assert MUFASA.answer(one, "INVITE", "sip:1@x", 1, "c") != MUFASA.answer(one, "INVITE", "sip:1@x", 1, "d")


@given(st.text(max_size=300))
def test_whatever_is_asked_nothing_breaks(text):
    for one in challenges([text, "Digest " + text, f'Digest nonce="{text}"']):
        assert "Circle" not in MUFASA.answer(one, "INVITE", "sip:1@x")
