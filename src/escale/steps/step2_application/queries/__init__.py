"""What later steps and pages may read of step 2."""

from escale.steps.step2_application.queries.agreement import (
    VERDICTS as VERDICTS,
    Agreement as Agreement,
    agreement as agreement,
    published as published,
    together as together,
)
from escale.steps.step2_application.queries.photo_check import (
    photo_frame as photo_frame,
    photo_report as photo_report,
)
from escale.steps.step2_application.queries.reading import (
    PHOTO as PHOTO,
    Application as Application,
    Doc as Doc,
    NoPhoto as NoPhoto,
    Reasons as Reasons,
    Sent as Sent,
    answers as answers,
    application as application,
    application_of as application_of,
    check_state as check_state,
    corrections as corrections,
    corrections_of as corrections_of,
    documents as documents,
    draft as draft,
    findings_in_words as findings_in_words,
    last_payment as last_payment,
    left_payments as left_payments,
    open_corrections as open_corrections,
    page as page,
    photo as photo,
    revision as revision,
    ruling as ruling,
    saved_at as saved_at,
    sent_at as sent_at,
    unsettled_payment as unsettled_payment,
    usage_name as usage_name,
)
from escale.steps.step2_application.queries.set_aside import set_aside as set_aside
from escale.steps.step2_application.queries.stamps import (
    spare_or_held as spare_or_held,
    spare_stamps as spare_stamps,
    stamp_in_use as stamp_in_use,
    stamp_number as stamp_number,
    stamp_receipt as stamp_receipt,
)
from escale.steps.step2_application.queries.story import timeline as timeline
