"""What the hosted pages say, in English and Simplified Chinese.

The provider is foreign to the shop, so its words do not live in the shop's catalogues.
"""

LANGUAGES = ("en", "zh")

EN = {
    "html_lang": "en",
    "other_language": "中文",
    "test_badge": "Test provider",
    "test_notice": "No money moves, no real card is read.",
    "secure_title": "Pay {shop}",
    "order": "Order {reference}",
    "total": "Total",
    "lines": "What you are paying for",
    "quantity": "{count} × {price}",
    "choose": "Choose a test card",
    "choose_hint": "Each card ends differently, so that a shop can be tried whole.",
    "pay": "Pay",
    "pay_hint": "The payment goes through.",
    "decline": "Decline",
    "decline_hint": "The bank refuses the card.",
    "insufficient_funds": "Insufficient funds",
    "insufficient_funds_hint": "The card is good, the account is empty.",
    "second_factor": "Needs a second factor",
    "second_factor_hint": "The bank asks you to confirm first.",
    "submit": "Pay {amount}",
    "walk_away": "Walk away, back to {shop}",
    "fail_title": "The payment did not go through",
    "fail_again": "Nothing was charged. You can try again with another card.",
    "fail_generic_decline": "The bank declined this card.",
    "fail_insufficient_funds": "There is not enough money on this card.",
    "fail_payment_intent_authentication_failure": "The payment was not confirmed by you.",
    "auth_title": "Is this you?",
    "auth_text": "Your test bank asks you to confirm this payment to {shop}.",
    "auth_amount": "Amount",
    "auth_card": "Card",
    "approve": "Approve the payment",
    "refuse": "Refuse",
    "paid_title": "This payment is done",
    "paid_text": "{amount} was paid once. You can close this page or go back to the shop.",
    "processing_title": "This payment is on its way",
    "processing_text": "The bank has not answered yet. The shop will hear of it by itself.",
    "expired_title": "This payment page has expired",
    "expired_text": "Nothing was charged. Go back to the shop to start the payment again.",
    "auth_over_title": "There is nothing to confirm",
    "auth_over_text": "This payment was already answered. Nothing further was charged.",
    "missing_title": "There is no such payment",
    "missing_text": "The address is wrong or the payment was removed. Nothing was charged.",
    "back": "Back to {shop}",
    "wallet_agree": "Pay {amount} with {wallet}",
    "wallet_hint": "This page stands for the wallet on your phone or in your browser.",
    "wallet_done_phone": "You can put the phone away: the shop's page goes on by itself.",
    "provider_line": "Local test payment provider",
}

ZH = {
    "html_lang": "zh-Hans",
    "other_language": "English",
    "test_badge": "测试支付",
    "test_notice": "不会真实扣款，也不读取真实银行卡。",
    "secure_title": "向 {shop} 付款",
    "order": "订单 {reference}",
    "total": "合计",
    "lines": "付款明细",
    "quantity": "{count} × {price}",
    "choose": "选择一张测试卡",
    "choose_hint": "每张卡的结果各不相同，方便把整个购物流程走一遍。",
    "pay": "付款成功",
    "pay_hint": "付款会顺利完成。",
    "decline": "被拒绝",
    "decline_hint": "银行拒绝这张卡。",
    "insufficient_funds": "余额不足",
    "insufficient_funds_hint": "卡有效，但余额不够。",
    "second_factor": "需要二次验证",
    "second_factor_hint": "银行会先请您确认。",
    "submit": "支付 {amount}",
    "walk_away": "放弃付款，返回 {shop}",
    "fail_title": "付款没有成功",
    "fail_again": "没有扣款。您可以换一张卡再试。",
    "fail_generic_decline": "银行拒绝了这张卡。",
    "fail_insufficient_funds": "这张卡的余额不足。",
    "fail_payment_intent_authentication_failure": "您没有确认这笔付款。",
    "auth_title": "是您本人在付款吗？",
    "auth_text": "测试银行请您确认这笔付给 {shop} 的款项。",
    "auth_amount": "金额",
    "auth_card": "卡号",
    "approve": "确认付款",
    "refuse": "拒绝",
    "paid_title": "这笔付款已经完成",
    "paid_text": "已付款一次，金额 {amount}。您可以关闭本页，或返回商店。",
    "processing_title": "付款正在处理",
    "processing_text": "银行还没有答复，商店会自动收到结果。",
    "expired_title": "付款页面已过期",
    "expired_text": "没有扣款。请返回商店重新付款。",
    "auth_over_title": "没有需要确认的付款",
    "auth_over_text": "这笔付款已经有了结果，不会再次扣款。",
    "missing_title": "找不到这笔付款",
    "missing_text": "地址有误，或付款记录已删除。没有扣款。",
    "back": "返回 {shop}",
    "wallet_agree": "用{wallet}支付 {amount}",
    "wallet_hint": "本页代表您手机或浏览器里的钱包。",
    "wallet_done_phone": "可以收起手机了，商店页面会自动继续。",
    "provider_line": "本地测试支付服务",
}

WORDS = {"en": EN, "zh": ZH}


def language_choose(asked: str | None, session_locale: str | None, accepted: str) -> str:
    """``en`` or ``zh``: what the page was asked for, the session's locale, the browser's."""
    if asked in LANGUAGES:
        return asked
    if session_locale and session_locale != "auto":
        return "zh" if session_locale.lower().startswith("zh") else "en"
    for part in accepted.lower().split(","):
        for language in LANGUAGES:
            if part.strip().startswith(language):
                return language
    return "en"
