"""What people fill in, one module per blueprint."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict


class Form(FlaskForm):
    """A form of ours. Its fields are text from a form and never JSON.

    JSON could put an object where a field expects text, and so into a query.
    """

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if isinstance(formdata, MultiDict):  # text, that a view has made sure of
                return formdata
            if request.is_json:
                return None
            return super().wrap_formdata(form, formdata)
