"""What goes out when something went wrong."""

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """A problem document (RFC 9457) in the caller's language."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["urn:qizhi:problem:bad_input"])
    title: str = Field(examples=["填写的内容有误，尚未保存，已填内容仍在。请按提示修改。"])
    status: int = Field(examples=[422])
    detail: str = Field(description="What happened, what is safe, and what to do next.")
    code: str = Field(description="Stable, for programs.", examples=["bad_input"])
    fields: dict[str, list[str]] = Field(
        description="What is wrong, by the name of the field.",
        examples=[{"reporter.phone": ["请只填数字。"]}],
    )
    instance: str | None = Field(None, description="The number of the request, for the administrator.")
