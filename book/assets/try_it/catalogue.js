export default {
  "styleLength": 20112,
  "bytes": {
    "judge.onnx.gz": 486972,
    "look.onnx.gz": 5741527,
    "paint.onnx.gz": 750443,
    "styles.f32.gz": 639656,
    "ort-wasm.wasm.gz": 3652765,
    "ort-webgpu.wasm.gz": 4110163
  },
  "paintings": {
    "cubism": "Analytic Cubism",
    "orphism": "Orphism",
    "rayonism": "Rayonism",
    "suprematism": "Suprematism",
    "neoplasticism": "Neoplasticism",
    "constructivism": "Constructivism",
    "bauhaus": "Bauhaus",
    "magic-squares": "Magic squares",
    "biomorphism": "Biomorphism",
    "action-painting": "Action painting",
    "tachisme": "Tachisme",
    "colour-field": "Colour field",
    "hard-edge": "Hard edge",
    "op-art": "Op art"
  },
  "photographs": {
    "astronaut": "Astronaut",
    "chelsea": "Cat",
    "coffee": "Coffee"
  }
};
