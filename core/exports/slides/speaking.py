"""What the speaker reads: the notes of a slide, written at once rather than copied from their master."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from core.exports.slides.placing import clean

_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_PLACE = (
    '<p:sp><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
    "<p:nvPr><p:ph {place}/></p:nvPr></p:nvSpPr><p:spPr/>{body}</p:sp>"
)


def write_notes(slide: Any, said: str) -> None:
    """Give ``slide`` its notes, one paragraph for each line of ``said``."""
    from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    part = slide.part
    name = PackURI(f"/ppt/notesSlides/notesSlide{part.partname.idx}.xml")
    notes = Part(name, CONTENT_TYPE.PML_NOTES_SLIDE, part.package, _written(said))
    notes.relate_to(part.package.presentation_part.notes_master_part, RELATIONSHIP_TYPE.NOTES_MASTER)
    notes.relate_to(part, RELATIONSHIP_TYPE.SLIDE)
    part.relate_to(notes, RELATIONSHIP_TYPE.NOTES_SLIDE)


def _written(said: str) -> bytes:
    lines = "".join(f"<a:p><a:r><a:t>{escape(clean(line))}</a:t></a:r></a:p>" for line in said.split("\n"))
    body = f"<p:txBody><a:bodyPr/><a:lstStyle/>{lines}</p:txBody>"
    places = (
        _PLACE.format(id=2, name="Slide Image Placeholder 1", place='type="sldImg" idx="2"', body=""),
        _PLACE.format(id=3, name="Notes Placeholder 2", place='type="body" idx="3" sz="quarter"', body=body),
        _PLACE.format(id=4, name="Slide Number Placeholder 3", place='type="sldNum" idx="5" sz="quarter"', body=""),
    )
    return (
        "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
        f'<p:notes {_NAMES}><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/>'
        '</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/>'
        f'<a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>{"".join(places)}</p:spTree></p:cSld>'
        "<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>"
    ).encode()
