"""How each kind of mail comes to be, in the language of `tests.sales.LANGUAGE`.

Orders, parcels and returns take the scenes of `tests.steps`; the others are made here. A new kind of
mail has no maker, and fails `test_chinese`.
"""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from django.test import Client

from catalog.opinions.models import Question, Reason, State
from catalog.opinions.services.moderation import decide, reply_set
from catalog.opinions.services.questions import answer_by_shop
from crm.alerts.services import alert_ask, alert_confirm, alerts_send
from crm.customer import mails as account
from orders.drafts.models import Draft
from orders.handlers import on_order_link_asked
from orders.refunds.services import refund_ask
from orders.returns import services as returns
from payments.wallets.kinds import AS_CREDIT
from shop.dashboard.audit.tasks import risks_check
from tests import sales
from tests.dashboard.test_drafts import ready, sku
from tests.factories import ProductFactory, UserFactory
from tests.opinions.support import review_of
from tests.orders.returns.test_exchange import by_card, family, looked_at, wished
from tests.steps import scenes_goods, scenes_orders, scenes_payments, scenes_returns
from tests.steps.scenes import SCENES, Stage, fresh, paid
from tests.wallets.support import gift_order

Maker = Callable[[Stage], object]
MAKERS: dict[tuple[str, str], Maker] = {}


def played(table: str, name: str) -> Maker:
    def play(stage: Stage) -> None:
        scene = SCENES[table, name](stage)
        if (order := next(scene)) is not None:
            fresh(order)
        next(scene, None)

    return play


def makes(kind: str, what: str = "") -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        MAKERS[kind, what] = maker
        return maker

    return keep


STATES, BESIDE = scenes_orders.STATES, scenes_orders.BESIDE
for kind, table, names in (
    ("order_confirmation", STATES, ("place",)),
    ("order_paid", STATES, ("pay", "pay late")),
    ("order_shipped", STATES, ("ship",)),
    ("order_delivered", STATES, ("deliver",)),
    ("order_handover", STATES, ("hand over",)),
    ("order_cancelled", STATES, ("cancel",)),
    (
        "order_changed",
        BESIDE,
        ("edit lines", "cancel the rest", "edit address"),
    ),
    ("order_changed", BESIDE, ("edit delivery",)),
    ("order_changed", scenes_orders.ADDED, ("withdraw",)),
    ("order_addition", scenes_orders.ADDED, ("add",)),
    ("order_rest", BESIDE, ("ask for the rest",)),
    ("order_message", BESIDE, ("write to the customer",)),
    ("order_refunded", BESIDE, ("refund",)),
    ("order_refund_account", scenes_payments.REFUNDS, ("ask back",)),
    ("order_again", scenes_returns.COMPLAINTS, ("send again",)),
    ("complaint_made", scenes_returns.COMPLAINTS, ("complain",)),
    ("complaint_closed", scenes_returns.COMPLAINTS, ("put right",)),
    ("parcel_late", scenes_goods.PARCELS, ("on its way",)),
    ("parcel_out", scenes_goods.PARCELS, ("out for delivery",)),
    ("parcel_lost", scenes_goods.PARCELS, ("lost", "damaged")),
    ("parcel_returned", scenes_goods.PARCELS, ("sent back",)),
    ("parcel_missed", scenes_goods.PARCELS, ("sent back",)),
    (
        "return_step",
        scenes_returns.RETURNS,
        (
            "ask",
            "approve",
            "refuse",
            "cancel",
            "receive",
            "repair",
            "mend",
            "refund",
            "close",
            "exchange",
        ),
    ),
):
    for name in names:
        MAKERS[kind, name] = played(table, name)


@makes("order_refunded", "as store credit")
def refunded_as_credit(_stage: Stage) -> None:
    order = paid(user=UserFactory(language=sales.LANGUAGE))
    boss = UserFactory(is_superuser=True)
    refund_ask(
        order=order,
        amount=Decimal("1.50"),
        reason="好意",
        key=uuid4(),
        user=boss,
        target=AS_CREDIT,
    )
    sales.refunds_finish()


@makes("order_link")
def order_link(_stage: Stage) -> None:
    order = sales.order_of()
    on_order_link_asked(order_number=order.number, email=order.email)


@makes("exchange_due")
def exchange_due(stage: Stage) -> None:
    red, _blue, green = family()
    returns.return_exchange(back=looked_at(wished(by_card(stage.provider, red), green)), user=None)


@makes("complaint_closed", "sent again")
def complaint_sent_again(_stage: Stage) -> None:
    complaint = scenes_returns.complain(scenes_returns.arrived())
    returns.complaint_close(complaint=complaint, remedy="again", user=UserFactory())


@makes("complaint_closed", "paid back")
def complaint_paid_back(_stage: Stage) -> None:
    complaint = scenes_returns.complain(scenes_returns.arrived())
    boss = UserFactory(is_superuser=True)
    returns.complaint_close(complaint=complaint, remedy="money", user=boss)


@makes("complaint_closed", "comes back")
def complaint_comes_back(_stage: Stage) -> None:
    complaint = scenes_returns.complain(scenes_returns.arrived())
    returns.complaint_close(complaint=complaint, remedy="back", user=UserFactory())


@makes("gift_card")
def gift_card(_stage: Stage) -> None:
    gift_order()


@makes("draft_link")
def draft_link(stage: Stage) -> None:
    desk = Client()
    desk.force_login(UserFactory(is_staff=True, is_superuser=True))
    draft = ready(desk, sku(ProductFactory(title_zh_hans="杯子")))
    Draft.objects.filter(pk=draft.pk).update(language=sales.LANGUAGE)
    desk.post(f"/dashboard/drafts/{draft.pk}/send/")


@makes("account_new")
def account_new(_stage: Stage) -> None:
    account.register_queue(email="new@example.com", language=sales.LANGUAGE)


@makes("account_signin")
def account_signin(_stage: Stage) -> None:
    account.sign_in_queue(user=UserFactory(), language=sales.LANGUAGE)


for knew in (True, False):
    MAKERS["account_password", "knew" if knew else "did not know"] = lambda _stage, knew=knew: (
        account.password_reset_queue(user=UserFactory(), language=sales.LANGUAGE, knew=knew)
    )


@makes("account_password_changed")
def account_password_changed(_stage: Stage) -> None:
    account.password_changed_queue(UserFactory(language=sales.LANGUAGE))


@makes("account_email")
@makes("account_email_warning")
def account_email(_stage: Stage) -> None:
    account.email_change_queue(user=UserFactory(language=sales.LANGUAGE), email="new@example.com")


@makes("stock_alert_confirm")
def stock_alert_confirm(_stage: Stage) -> None:
    cup = ProductFactory(title_zh_hans="杯子", stock=0)
    alert_ask(product_id=cup.pk, email="a@example.com", language=sales.LANGUAGE)


@makes("stock_alert_back")
def stock_alert_back(_stage: Stage) -> None:
    cup = ProductFactory(title_zh_hans="杯子", stock=0)
    alert = alert_ask(product_id=cup.pk, email="a@example.com", language=sales.LANGUAGE)
    alert_confirm(alert_id=alert.pk)
    cup.stockrecords.update(num_in_stock=5)
    alerts_send(product_ids=[cup.pk])


def written(shown: bool, **facts: object):
    cup = ProductFactory(title_zh_hans="杯子")
    return review_of(
        cup,
        user=UserFactory(language=sales.LANGUAGE),
        shown=shown,
        title="好看",
        text="拿着很顺手。",
        language=sales.LANGUAGE,
        **facts,
    )


@makes("opinion_shown")
def opinion_shown(_stage: Stage) -> None:
    written(shown=True)


@makes("opinion_refused")
def opinion_refused(_stage: Stage) -> None:
    review = written(shown=False)
    decide(
        kind="review",
        pk=review.pk,
        state=State.REJECTED,
        seen=State.PENDING,
        actor=UserFactory(is_staff=True),
        reason=Reason.values[0],
    )


@makes("review_replied")
def review_replied(_stage: Stage) -> None:
    review = written(shown=True)
    reply_set(review_id=review.pk, text="谢谢！", actor=UserFactory(is_staff=True))


@makes("question_answered")
def question_answered(_stage: Stage) -> None:
    question = Question.objects.create(
        product=ProductFactory(title_zh_hans="杯子"),
        author=UserFactory(language=sales.LANGUAGE),
        language=sales.LANGUAGE,
        text="能放洗碗机吗？",
        state=State.APPROVED,
    )
    answer_by_shop(actor=UserFactory(is_staff=True), question_id=question.pk, text="能。")


@makes("office_risks")
def office_risks(_stage: Stage) -> None:
    UserFactory(is_staff=True, is_superuser=True, language=sales.LANGUAGE)
    risks_check()
