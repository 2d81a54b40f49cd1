from services.coordination.main import NAME, build
from shared.service.serve import serve

serve(NAME, build)
