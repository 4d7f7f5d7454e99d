/* A map without tiles: the county's outline, the names of its towns, and one point that a person may set.
   The point is two hidden fields, lon and lat in degrees (WGS84). */

"use strict";

const MAP_STYLE = { color: "#0f5b66", weight: 2, fillColor: "#ffffff", fillOpacity: 0.9 };
const PIN_STYLE = { radius: 11, color: "#ffffff", weight: 3, fillColor: "#bf3b22", fillOpacity: 1 };

function field(box, name) {
  return document.getElementById(box.dataset[name]);
}

/* Towns are names on the map; a tap on one would only get in the way of the point. */
function townName(feature, at) {
  const icon = L.divIcon({ className: "map-town", html: "", iconSize: [80, 20] });
  const marker = L.marker(at, { icon, interactive: false, keyboard: false });
  marker.on("add", () => {
    marker.getElement().textContent = feature.properties.name;
  });
  return marker;
}

function pinOf(box, map) {
  let pin = null;
  return {
    show(at) {
      if (pin) pin.remove();
      pin = L.circleMarker(at, PIN_STYLE).addTo(map);
    },
    set(at) {
      this.show(at);
      field(box, "lon").value = at.lng.toFixed(6);
      field(box, "lat").value = at.lat.toFixed(6);
      box.dispatchEvent(new CustomEvent("map:point", { bubbles: true }));
    },
    clear() {
      if (pin) pin.remove();
      pin = null;
      field(box, "lon").value = "";
      field(box, "lat").value = "";
    },
  };
}

/* The towns lie in the north of the county; its south is a long empty tail of mountains. */
function whereTownsLie(towns, whole) {
  const points = Object.values(towns);
  return points.length > 1 ? L.latLngBounds(points).pad(0.2) : whole;
}

/* When a place is chosen in the list, its town comes into view; before that, all towns. */
function viewOf(box, map, towns, whole) {
  const select = field(box, "region");
  return () => {
    const at = select && towns[select.value.slice(0, 9)];
    map.invalidateSize();
    if (at) map.setView(at, 12);
    else map.fitBounds(whereTownsLie(towns, whole));
  };
}

function readyButtons(box, map, pin, show) {
  const locate = field(box, "locate");
  const clear = field(box, "clear");
  if (locate && window.isSecureContext && navigator.geolocation) {
    locate.hidden = false;
    locate.addEventListener("click", () => map.locate({ setView: true, maxZoom: 16, enableHighAccuracy: true }));
    map.on("locationfound", (found) => pin.set(found.latlng));
    map.on("locationerror", () => {
      locate.textContent = locate.dataset.failed;
    });
  }
  if (clear) {
    clear.addEventListener("click", () => {
      pin.clear();
      show();
    });
  }
}

async function drawMap(box) {
  const answer = await fetch(box.dataset.outline, { credentials: "same-origin" });
  if (!answer.ok) return;
  const drawing = await answer.json();
  const towns = {};
  const map = L.map(box, { minZoom: 9, maxZoom: 18, zoomControl: false, scrollWheelZoom: false });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.attributionControl.setPrefix("").addAttribution(drawing.attribution);
  const layer = L.geoJSON(drawing, {
    style: MAP_STYLE,
    pointToLayer(feature, at) {
      towns[feature.properties.code] = at;
      return townName(feature, at);
    },
  }).addTo(map);
  const whole = layer.getBounds();
  map.fitBounds(whole).setMaxBounds(whole.pad(0.3));
  const show = viewOf(box, map, towns, whole);
  show();
  const pin = pinOf(box, map);
  const lon = field(box, "lon").value;
  if (lon) pin.show(L.latLng(field(box, "lat").value, lon));
  // Only inside the outline: a tap beside the county is a slip of the finger.
  layer.on("click", (event) => pin.set(event.latlng));
  readyButtons(box, map, pin, show);
  if (field(box, "region")) field(box, "region").addEventListener("change", show);
  const fold = box.closest("details");
  if (fold) fold.addEventListener("toggle", show);
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-map]").forEach(drawMap);
});
